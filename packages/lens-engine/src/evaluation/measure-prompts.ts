// Prepared cases -> how the base model, and the model under each case's edit, read their targets. Base readings are computed
// once for all methods, and so is the residual stream below the lowest edited layer; cases with different edits share batches.
import { addressKey, type MatrixDelta } from '../edits/matrix-delta.js'
import { EditLab } from '../edits/shared/edit-lab.js'
import type { PassRequest, PassSequence, SequenceResult } from '../edits/shared/pass-request.js'
import { LensEngineError } from '../errors.js'
import type { LoadedModel } from '../runtime/load-model.js'
import type { PromptReading, TargetReading } from './metrics/case-row.js'
import type { PreparedCase, PreparedPrompt, TokenPlaces } from './prepare-case.js'

export interface MeasureOptions {
  /** Whether KL(base || edited) of the next token is computed on neighborhood prompts. */
  readonly divergence: boolean
  readonly signal?: AbortSignal | undefined
}

/** What the base model says to one case, kept for all of its edits. */
export interface BaseReading {
  readonly prompts: readonly PromptReading[]
  /** Results of every sequence of every prompt, in order. */
  readonly sequences: readonly SequenceResult[]
}

/** What the edited model says to one case. */
export interface EditedReading {
  readonly prompts: readonly PromptReading[]
  /** KL(base || edited) of each prompt's next token in nats; null where it was not computed. */
  readonly divergence: readonly (number | null)[]
}

/** An edit and the case it was made for. */
export interface CaseEdit {
  readonly prepared: PreparedCase
  readonly base: BaseReading
  readonly deltas: readonly MatrixDelta[]
}

/** Rows of one batch: prompts are short and of unequal length, so smaller batches waste less on padding. */
const limits = { rows: 512 } as const

/** The lowest layer that the deltas change. */
export const lowestLayer = (deltas: readonly MatrixDelta[]): number =>
  Math.min(...deltas.map(({ address }) => address.layer))

/**
 * Readings of the base model.
 * @param below lowest edited layers: the residual stream before each is kept at every position
 * @throws RUN_CANCELLED, NOT_FINITE
 */
export async function measureBase(
  model: LoadedModel,
  cases: readonly PreparedCase[],
  below: readonly number[],
  { divergence, signal }: MeasureOptions,
): Promise<readonly BaseReading[]> {
  const residuals = [...new Set(below)].filter((layer) => layer > 0).map((layer) => layer - 1)
  const sequences = cases.flatMap(({ prompts }) => prompts.flatMap((one) => one.sequences))
  const captured = ({ ids }: PassSequence) => (residuals.length === 0 ? [] : [...ids.keys()])
  const result = await new EditLab(model, { signal, limits }).run({
    sequences: sequences.map((one) => ({ ...one, captured: captured(one) })),
    head: divergence ? ['nll', 'argmax', 'log-probabilities'] : ['nll', 'argmax'],
    residuals: residuals.sort((a, b) => a - b),
  })
  return share(cases, result.sequences).map((own, index) => ({
    prompts: readPrompts((cases[index] as PreparedCase).prompts, own),
    sequences: own,
  }))
}

/** Cuts a flat list of results into one list for each case. */
function share(
  cases: readonly PreparedCase[],
  results: readonly SequenceResult[],
): readonly (readonly SequenceResult[])[] {
  let start = 0
  return cases.map(({ prompts }) => {
    const count = prompts.reduce((sum, { sequences }) => sum + sequences.length, 0)
    start += count
    return results.slice(start - count, start)
  })
}

/**
 * Readings under one edit for each case, in the order given. Low-rank edits of the same matrices run in one batch, each
 * sequence with its own deltas; a dense edit runs by itself.
 * @returns a reading, or the NOT_FINITE error where the edit broke the model
 * @throws RUN_CANCELLED
 */
export async function measureEdited(
  model: LoadedModel,
  edits: readonly CaseEdit[],
  options: MeasureOptions,
): Promise<readonly (EditedReading | LensEngineError)[]> {
  const readings = Array<EditedReading | LensEngineError>(edits.length)
  for (const group of groupEdits(edits)) {
    const members = group.map((index) => edits[index] as CaseEdit)
    const results = await runGroup(model, members, options)
    members.forEach((one, place) => {
      const own = results[place] as readonly SequenceResult[]
      readings[group[place] as number] = readEdited(one, own, options)
    })
  }
  return readings
}

/** Indices of edits that may share a batch: those that change the same matrices by factors. */
export function groupEdits(
  edits: readonly { readonly deltas: readonly MatrixDelta[] }[],
): readonly (readonly number[])[] {
  const groups = new Map<string, number[]>()
  edits.forEach(({ deltas }, index) => {
    const own = deltas.some(({ kind }) => kind === 'dense') ? ` alone ${index}` : ''
    const key = deltas.map((one) => `${addressKey(one.address)}${one.bias === null ? '' : '+'}`)
    const name = `${key.join()}${own}`
    groups.set(name, [...(groups.get(name) ?? []), index])
  })
  return [...groups.values()]
}

async function runGroup(
  model: LoadedModel,
  members: readonly CaseEdit[],
  { divergence, signal }: MeasureOptions,
): Promise<readonly (readonly SequenceResult[])[]> {
  const [first] = members as [CaseEdit]
  const alone = first.deltas.some(({ kind }) => kind === 'dense')
  const fromLayer = first.deltas.length === 0 ? 0 : lowestLayer(first.deltas)
  const request: PassRequest = {
    sequences: members.flatMap((one) => sequencesOf(one, { fromLayer, alone, divergence })),
    fromLayer,
    head: ['nll', 'argmax'],
    ...(alone ? { deltas: first.deltas } : {}),
    ...(divergence ? { divergence: 'base-current' } : {}),
  }
  const { sequences } = await new EditLab(model, { signal, limits }).run(request)
  return share(
    members.map(({ prepared }) => prepared),
    sequences,
  )
}

interface SequenceChoices {
  readonly fromLayer: number
  /** Whether the deltas belong to the whole request. */
  readonly alone: boolean
  readonly divergence: boolean
}

function sequencesOf(
  { prepared, base, deltas }: CaseEdit,
  { fromLayer, alone, divergence }: SequenceChoices,
): readonly PassSequence[] {
  const results = base.sequences[Symbol.iterator]()
  return prepared.prompts.flatMap(({ kind, last, sequences }) =>
    sequences.map((sequence, index): PassSequence => {
      const result = results.next().value as SequenceResult
      const compared = divergence && kind === 'neighborhood' && index === 0
      const distribution = result.scored[0]?.logProbabilities
      return {
        ...sequence,
        ...(alone ? {} : { deltas }),
        ...(fromLayer > 0 ? { before: joinRows(result, fromLayer - 1) } : {}),
        ...(compared
          ? { diverging: [{ position: last, base: distribution as Float32Array, weight: 1 }] }
          : {}),
      }
    }),
  )
}

/** The residual stream after a layer at every position, [positions, width]. */
function joinRows({ residuals }: SequenceResult, layer: number): Float32Array {
  const rows = residuals.get(layer)
  if (rows === undefined) throw new RangeError(`the stream after layer ${layer} was not kept`)
  const width = rows[0]?.length ?? 0
  const joined = new Float32Array(rows.length * width)
  rows.forEach((row, position) => joined.set(row, position * width))
  return joined
}

function readEdited(
  { prepared }: CaseEdit,
  results: readonly SequenceResult[],
  { divergence }: MeasureOptions,
): EditedReading | LensEngineError {
  try {
    let first = 0
    const kl = prepared.prompts.map(({ kind, sequences }) => {
      const value = results[first]?.divergence[0]
      first += sequences.length
      return divergence && kind === 'neighborhood' ? finite(value) : null
    })
    return { prompts: readPrompts(prepared.prompts, results), divergence: kl }
  } catch (error) {
    if (error instanceof LensEngineError) return error
    throw error
  }
}

/** @throws NOT_FINITE */
function readPrompts(
  prompts: readonly PreparedPrompt[],
  results: readonly SequenceResult[],
): readonly PromptReading[] {
  let first = 0
  return prompts.map((prompt) => {
    const own = results.slice(first, first + prompt.sequences.length)
    first += prompt.sequences.length
    return { new: readTarget(prompt.new, own), true: readTarget(prompt.true, own) }
  })
}

function readTarget(
  places: TokenPlaces | null,
  results: readonly SequenceResult[],
): TargetReading | null {
  if (places === null) return null
  const scored = places.map(({ sequence, place }) => results[sequence]?.scored[place])
  const nll = places.reduce((sum, { pick }, index) => sum + finite(scored[index]?.nll?.[pick]), 0)
  const argmax = scored.map((one) => one?.argmax as number)
  return {
    nll: nineDigits(nll),
    tokens: places.length,
    correct: places.map(({ token }, index) => token === argmax[index]),
    argmax,
  }
}

/** Nine digits name a float32 exactly; the rest of its double are noise. */
const nineDigits = (value: number): number => Number(value.toPrecision(9))

function finite(value: number | undefined): number {
  if (value !== undefined && Number.isFinite(value)) return nineDigits(value)
  throw new LensEngineError('NOT_FINITE', `a log probability is ${value}: the edit is too large`, {
    details: { value: String(value) },
    cure: 'Use a smaller learning rate or norm limit for this method.',
  })
}
