// Context templates of a model, sampled once for each style and seed: they depend on nothing else.
import type { EditResources } from '../edits/edit-method.js'
import { makeContextTemplates } from '../edits/shared/context-templates.js'
import type { LoadedModel } from '../runtime/load-model.js'

type Templates = ReturnType<typeof makeContextTemplates>

const templatesOf = new WeakMap<LoadedModel, Map<string, Templates>>()

/** As methods sample them themselves. */
export function knownContexts(
  model: LoadedModel,
  seed: number,
): NonNullable<EditResources['contextTemplates']> {
  const known = templatesOf.get(model) ?? new Map<string, Templates>()
  templatesOf.set(model, known)
  return async (style) => {
    const key = `${style} ${seed}`
    const found = known.get(key) ?? makeContextTemplates(model, style, { seed })
    known.set(key, found)
    return found.catch((error: unknown) => {
      known.delete(key)
      throw error
    })
  }
}
