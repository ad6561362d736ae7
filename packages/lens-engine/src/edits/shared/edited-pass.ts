// Stacks of deltas -> what the generation of texts needs to run under them.
import type { EditedPass } from '../../generation/generate-texts.js'
import type { LoadedModel } from '../../runtime/load-model.js'
import type { MatrixDelta } from '../matrix-delta.js'
import { DeltaContext } from './delta-context.js'
import { joinDeltas, siteFeeds, sitesOf } from './delta-sites.js'
import { EditLab } from './edit-lab.js'
import { siteName, type DeltaTier } from './pass-plan.js'

/**
 * Stacks of factors are fed to each prompt; where a delta is dense there may be one stack, which all prompts share.
 * @param owner the stack that each prompt runs under
 */
export function editedPass(
  model: LoadedModel,
  stacks: readonly (readonly MatrixDelta[])[],
  owner: readonly number[],
): EditedPass {
  const lab = new EditLab(model)
  for (const delta of stacks.flat()) lab.checkWidths(delta)
  const joined = stacks.map(joinDeltas)
  const alone = stacks.some((stack) => stack.some(({ kind }) => kind === 'dense'))
  const tier: DeltaTier = alone ? 'shared' : 'each'
  const sites = sitesOf(tier, joined)
  return {
    key: sites.map(siteName).join(' '),
    makeContext: (builder) =>
      new DeltaContext({ builder, weights: model.weights, sites, vectorsAt: null }),
    feeds: (elements) => {
      const fed = alone ? joined : elements.map((element) => joined[owner[element] as number] ?? [])
      return Object.assign(
        {},
        ...sites.map((site) => siteFeeds(site, fed, lab.widths(site.address))),
      ) as ReturnType<EditedPass['feeds']>
    },
  }
}
