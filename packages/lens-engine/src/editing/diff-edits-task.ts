// Two edits of one model -> how alike they are, in numbers, in words, and in what the model says under each.
import { stackDeltas } from '../edits/edit-stack.js'
import type { Edit } from '../edits/edit.js'
import { addressKey } from '../edits/matrix-delta.js'
import { EditLab } from '../edits/shared/edit-lab.js'
import { diffEdits, tokenOverlap } from '../readings/diff-edits.js'
import type { LoadedModel } from '../runtime/load-model.js'
import { askPrompt, checkCount, prepareRequests } from './asked-prompts.js'
import type { EditDifference, EditFlip, EditReading, EditTokenOverlap } from './edit-answer.js'
import { readFactors } from './edit-in-words.js'
import type { DiffEditsTask, EditTaskProgress } from './edit-task.js'
import { readNextTokens } from './read-next-tokens.js'

/** @throws EDIT_WRONG_MODEL; as `askPrompt` */
export async function compareEdits(
  model: LoadedModel,
  { first, second, firstReadings, secondReadings, prompts }: DiffEditsTask,
  onProgress: (progress: EditTaskProgress) => void,
): Promise<EditDifference> {
  checkCount(prompts.length)
  stackDeltas(model, [first, second])
  const flips = await findFlips(model, [first, second], prompts, onProgress)
  onProgress({ stage: 'comparing the factors', done: null, total: null })
  const readings = [
    firstReadings ?? (await readOwn(model, first)),
    secondReadings ?? (await readOwn(model, second)),
  ] as const
  return {
    ...diffEdits(first, second),
    tokenOverlap: overlaps(...readings),
    flips,
    compared: prompts.length,
  }
}

function readOwn(model: LoadedModel, edit: Edit): Promise<readonly EditReading[]> {
  const [request] = prepareRequests(model, edit.requests)
  return readFactors(model, edit.deltas, request?.targetIds[0] ?? 0)
}

/** Prompts read at once: their distributions are as long as the vocabulary. */
const PROMPTS_AT_ONCE = 32

async function findFlips(
  model: LoadedModel,
  edits: readonly [Edit, Edit],
  prompts: DiffEditsTask['prompts'],
  onProgress: (progress: EditTaskProgress) => void,
): Promise<readonly EditFlip[]> {
  const asked = prompts.map(({ prompt, ...one }) => askPrompt(model, { ...one, text: prompt }))
  const labs = edits.map(({ deltas }) => new EditLab(model, { base: deltas }))
  const flips: EditFlip[] = []
  for (let start = 0; start < asked.length; start += PROMPTS_AT_ONCE) {
    onProgress({ stage: 'measuring both edits', done: start, total: asked.length })
    const chunk = asked.slice(start, start + PROMPTS_AT_ONCE)
    const first = await readNextTokens(labs[0] as EditLab, chunk)
    const second = await readNextTokens(labs[1] as EditLab, chunk)
    chunk.forEach(({ kind, text, target }, index) => {
      const [one, other] = [first[index]?.next, second[index]?.next]
      if (one === undefined || other === undefined || one.top[0]?.id === other.top[0]?.id) return
      flips.push({ kind, prompt: text, target: target?.text ?? null, first: one, second: other })
    })
  }
  return flips
}

/** For each matrix that both edits change. */
function overlaps(
  first: readonly EditReading[],
  second: readonly EditReading[],
): readonly EditTokenOverlap[] {
  const [a, b] = [byMatrix(first), byMatrix(second)]
  return [...a].flatMap(([key, one]): readonly EditTokenOverlap[] => {
    const other = b.get(key)
    if (other === undefined) return []
    const [firstTokens, secondTokens] = [topTokens(one), topTokens(other)]
    return [
      {
        address: one.address,
        overlap: tokenOverlap(one, other),
        firstTokens: [...firstTokens.values()],
        secondTokens: [...secondTokens.values()],
        sharedTokens: [...firstTokens]
          .filter(([id]) => secondTokens.has(id))
          .map(([, text]) => text),
      },
    ]
  })
}

type MatrixReading = Pick<EditReading, 'address' | 'factors'>

/** Factors of deltas of one matrix together. */
function byMatrix(readings: readonly EditReading[]): ReadonlyMap<string, MatrixReading> {
  const result = new Map<string, MatrixReading>()
  for (const { address, factors } of readings) {
    const key = addressKey(address)
    result.set(key, { address, factors: [...(result.get(key)?.factors ?? []), ...factors] })
  }
  return result
}

const topTokens = ({ factors }: MatrixReading): ReadonlyMap<number, string> =>
  new Map(factors.flatMap(({ top }) => top.map(({ id, text }): [number, string] => [id, text])))
