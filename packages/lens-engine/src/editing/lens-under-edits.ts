// A stack of edits -> what the lens needs to look at the model that runs under it.
import { stackDeltas } from '../edits/edit-stack.js'
import type { Edit } from '../edits/edit.js'
import { DeltaContext } from '../edits/shared/delta-context.js'
import { joinDeltas, siteFeeds, sitesOf } from '../edits/shared/delta-sites.js'
import { EditLab } from '../edits/shared/edit-lab.js'
import { siteName } from '../edits/shared/pass-plan.js'
import type { LensEdits } from '../lens/lens-edits.js'
import type { LoadedModel } from '../runtime/load-model.js'

/** Gradients, projections and the answer are then those of the edited model. @throws EDIT_WRONG_MODEL */
export function lensUnder(model: LoadedModel, edits: readonly Edit[]): LensEdits {
  const base = stackDeltas(model, edits)
  const lab = new EditLab(model, { base })
  const joined = joinDeltas(base)
  const sites = sitesOf('shared', [joined])
  return {
    key: sites.map(siteName).join(' '),
    ids: edits.map(({ id }) => id),
    makeContext: (options) => new DeltaContext({ ...options, sites, vectorsAt: null }),
    feeds: Object.assign(
      {},
      ...sites.map((site) => siteFeeds(site, [joined], lab.widths(site.address))),
    ) as LensEdits['feeds'],
  }
}
