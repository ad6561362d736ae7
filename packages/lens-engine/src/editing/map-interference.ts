// Several edits of one model -> how much each disturbs each other: overlap of the inputs they react to, and what is left of an
// edit's new answer when another is applied on top.
import { stackDeltas } from '../edits/edit-stack.js'
import type { Edit } from '../edits/edit.js'
import type { MatrixDelta } from '../edits/matrix-delta.js'
import { EditLab } from '../edits/shared/edit-lab.js'
import { LensEngineError } from '../errors.js'
import { inputFactors, keyOverlap } from '../readings/key-overlap.js'
import type { LoadedModel } from '../runtime/load-model.js'
import { askPrompt, checkCount, prepareRequests, type AskedPrompt } from './asked-prompts.js'
import type { EditInterference, InterferencePair } from './edit-answer.js'
import type { EditTaskProgress, MapInterferenceTask } from './edit-task.js'
import { readNextTokens } from './read-next-tokens.js'

/** Edits of one map at most: n edits take n^2 readings. */
export const INTERFERENCE_LIMIT = 50
/** Prompts read at once: their distributions are as long as the vocabulary. */
const PROMPTS_AT_ONCE = 32

/**
 * Edits that ask for nothing (no request) are `second` in pairs, never `first`.
 * @throws BAD_ARGUMENT for no edits or more than 50, EDIT_WRONG_MODEL, NOT_FINITE, RUN_CANCELLED; as `askPrompt`
 */
export async function mapInterference(
  model: LoadedModel,
  { edits }: Pick<MapInterferenceTask, 'edits'>,
  onProgress: (progress: EditTaskProgress) => void,
): Promise<EditInterference> {
  checkEdits(edits)
  const deltas = edits.map((edit) => stackDeltas(model, [edit]))
  const prompts = edits.map((edit) => askedBy(model, edit))
  checkCount(prompts.reduce((sum, { length }) => sum + length, 0))
  onProgress({ stage: 'comparing keys', done: null, total: null })
  const factors = edits.map(inputFactors)
  const overlap = factors.map((one, row) =>
    factors.map((other, column) => (row === column ? 1 : keyOverlap(one, other))),
  )
  return { keyOverlap: overlap, pairs: await measurePairs(model, deltas, prompts, onProgress) }
}

function checkEdits({ length }: readonly Edit[]): void {
  if (length > 0 && length <= INTERFERENCE_LIMIT) return
  throw new LensEngineError('BAD_ARGUMENT', `a map of interference of ${length} edits`, {
    details: { edits: length, limit: INTERFERENCE_LIMIT },
    cure: `Map 1 to ${INTERFERENCE_LIMIT} edits at once.`,
  })
}

const askedBy = (model: LoadedModel, { requests }: Edit): readonly AskedPrompt[] =>
  prepareRequests(model, requests).map(({ prompt, request }) =>
    askPrompt(model, { kind: 'rewrite', text: prompt, target: request.target }),
  )

async function measurePairs(
  model: LoadedModel,
  deltas: readonly (readonly MatrixDelta[])[],
  prompts: readonly (readonly AskedPrompt[])[],
  onProgress: (progress: EditTaskProgress) => void,
): Promise<readonly InterferencePair[]> {
  const pairs: InterferencePair[] = []
  const firsts = prompts.flatMap((asked, index) => (asked.length === 0 ? [] : [index]))
  const total = firsts.length * deltas.length
  let done = 0
  const read = async (first: number, base: readonly MatrixDelta[]): Promise<Reading> => {
    onProgress({ stage: 'measuring pairs', done, total })
    done += 1
    return readTargets(model, base, prompts[first] ?? [])
  }
  for (const first of firsts) {
    const own = deltas[first] ?? []
    const { probability: alone } = await read(first, own)
    for (const [second, others] of deltas.entries()) {
      if (second === first) continue
      const { probability, holds } = await read(first, [...own, ...others])
      pairs.push({ first, second, alone, together: probability, firstHolds: holds })
    }
  }
  return pairs
}

interface Reading {
  readonly probability: number
  readonly holds: boolean
}

/** Of the new targets of an edit's requests: the mean probability, and whether each is the model's answer. */
async function readTargets(
  model: LoadedModel,
  base: readonly MatrixDelta[],
  prompts: readonly AskedPrompt[],
): Promise<Reading> {
  const lab = new EditLab(model, { base })
  let sum = 0
  let holds = true
  for (let start = 0; start < prompts.length; start += PROMPTS_AT_ONCE) {
    const readings = await readNextTokens(lab, prompts.slice(start, start + PROMPTS_AT_ONCE))
    for (const { next } of readings) {
      sum += next.targetProbability ?? 0
      holds &&= next.argmaxIsTarget === true
    }
  }
  return { probability: sum / prompts.length, holds }
}
