// A request and context templates -> token sequences with the place of the subject's last token in each.
import type { LoadedModel } from '../../runtime/load-model.js'
import { fillTemplate, findSubject, type PreparedEditRequest } from '../edit-request.js'

export interface PlacedContext {
  readonly ids: readonly number[]
  /** Position of the subject's last token. */
  readonly lookup: number
}

const PLACE = '{}'

/** Ids the request's prompts begin with that are not part of the text, such as a beginning-of-text token. */
function firstIdsOf({ tokenizer }: LoadedModel, { prompt, promptIds }: PreparedEditRequest) {
  const own = tokenizer?.encode(prompt).length ?? promptIds.length
  return promptIds.slice(0, promptIds.length - own)
}

/** The request's prompt inside each context; those that would not fit beside the target are left out. */
export function placeInContexts(
  model: LoadedModel,
  request: PreparedEditRequest,
  contexts: readonly string[],
): readonly PlacedContext[] {
  const firstIds = firstIdsOf(model, request)
  const start = request.template.indexOf(PLACE)
  const placed = contexts.map((context) => {
    const text = fillTemplate(context, request.prompt)
    const offset = context.indexOf(PLACE) + start
    return findSubject(model, text, request.subject, offset, { firstIds })
  })
  const room = model.shape.contextLength - request.targetIds.length + 1
  return placed.filter(({ ids }) => ids.length <= room)
}

/** The prompt that shows whether the subject itself has changed: "{} is a" (ROME, section 3.1). */
export function placeEssence(model: LoadedModel, request: PreparedEditRequest): PlacedContext {
  const firstIds = firstIdsOf(model, request)
  const text = `${request.subject} is a`
  return findSubject(model, text, request.subject, 0, { firstIds })
}
