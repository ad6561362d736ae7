// Prompts -> continuations: prompts of equal length share a batch, keys and values are kept between steps.
import type { ForwardContext } from '../architectures/architecture.js'
import { LensEngineError } from '../errors.js'
import type { GraphBuilder } from '../graph/graph-builder.js'
import { TapRecorder } from '../runtime/forward-context.js'
import type { LoadedModel } from '../runtime/load-model.js'
import { int64 } from '../runtime/feeds.js'
import type { Feed, Fetch, Session } from '../runtime/ort.js'
import { createRandom, type SeededRandom } from '../tensor/seeded-random.js'
import { buildGenerationGraph, type GenerationGraph } from './generation-graph.js'
import { choicesOf, sampleToken, type Sampling } from './sample-token.js'

export interface GenerationPrompt {
  /** Not empty. */
  readonly ids: readonly number[]
  /** Names the prompt's own stream of random numbers; the ids when absent. */
  readonly label?: string
}

/** Edits of the forward pass, fed as inputs (`edits`). */
export interface EditedPass {
  /** Equal for edits of one structure, so that they share a session. */
  readonly key: string
  makeContext(builder: GraphBuilder): ForwardContext
  /** Inputs for a batch. @param elements indices of its prompts among all prompts */
  feeds(elements: readonly number[]): Readonly<Record<string, Feed>>
}

export interface GenerationOptions {
  /** Tokens in all, the prompt's included; at most the context. */
  readonly length: number
  readonly sampling: Sampling
  readonly seed: number
  /** A text ends before the first of these. */
  readonly stopTokens?: readonly number[]
  readonly edits?: EditedPass
  readonly signal?: AbortSignal
  /** After each step. @param done share of all steps, 0 to 1 */
  readonly onProgress?: (done: number) => void
}

/** Prompts computed at once. */
const BATCH_LIMIT = 32

/**
 * Continues each prompt up to `length` tokens. Equal seeds give equal texts; the draws of a prompt do not depend on the
 * prompts beside it.
 * @returns the new ids of each prompt, in order; none where the prompt is as long as `length`
 * @throws PROMPT_EMPTY, PROMPT_TOO_LONG, BAD_ARGUMENT, RUN_CANCELLED
 */
export async function generateTexts(
  model: LoadedModel,
  prompts: readonly GenerationPrompt[],
  options: GenerationOptions,
): Promise<readonly (readonly number[])[]> {
  validate(model, prompts, options)
  const results = Array<readonly number[]>(prompts.length).fill([])
  const groups = equalLengths(prompts, options.length)
  const steps = groups.map(
    (group) => options.length - (prompts[group[0] as number] as GenerationPrompt).ids.length,
  )
  const all = steps.reduce((sum, count) => sum + count, 0)
  let done = 0
  const step = (): void => {
    if (options.signal?.aborted === true) throw cancelled()
    options.onProgress?.(++done / all)
  }
  const opened = await openSession(model, options)
  for (const group of groups) {
    const texts = await generateBatch(opened, prompts, group, options, step)
    group.forEach((prompt, index) => (results[prompt] = texts[index] as readonly number[]))
  }
  return results
}

/** Indices of prompts of one length, at most BATCH_LIMIT together, in the order they first occur. */
function equalLengths(
  prompts: readonly GenerationPrompt[],
  length: number,
): readonly (readonly number[])[] {
  const byLength = new Map<number, number[]>()
  prompts.forEach(({ ids }, index) => {
    if (ids.length >= length) return
    byLength.set(ids.length, [...(byLength.get(ids.length) ?? []), index])
  })
  return [...byLength.values()].flatMap((indices) =>
    Array.from({ length: Math.ceil(indices.length / BATCH_LIMIT) }, (_, batch) =>
      indices.slice(batch * BATCH_LIMIT, (batch + 1) * BATCH_LIMIT),
    ),
  )
}

/** One batch between steps. */
interface Texts {
  readonly ids: number[][]
  readonly randoms: readonly SeededRandom[]
  readonly ended: boolean[]
}

async function generateBatch(
  { session, graph }: OpenGeneration,
  prompts: readonly GenerationPrompt[],
  group: readonly number[],
  options: GenerationOptions,
  onStep: () => void,
): Promise<readonly (readonly number[])[]> {
  const members = group.map((index) => prompts[index] as GenerationPrompt)
  const promptLength = (members[0] as GenerationPrompt).ids.length
  const texts: Texts = {
    ids: members.map(() => []),
    randoms: members.map(({ label, ids }) =>
      createRandom(options.seed).split(label ?? ids.join(' ')),
    ),
    ended: members.map(() => false),
  }
  const edits = options.edits?.feeds(group) ?? {}
  let tokens = members.map(({ ids }) => ids)
  let memory = emptyMemory(graph, group.length)
  for (let past = 0; past < options.length - 1 && texts.ended.includes(false);) {
    const feeds = { ...stepFeeds(tokens, past), ...memory, ...edits }
    const fetches = await session.run(feeds)
    const next = drawTokens(texts, fetches, options)
    past += past === 0 ? promptLength : 1
    tokens = next.map((id) => [id])
    memory = memoryFeeds(graph, fetches)
    onStep()
  }
  return texts.ids
}

interface OpenGeneration {
  readonly session: Session
  readonly graph: GenerationGraph
}

async function openSession(
  model: LoadedModel,
  { sampling, edits }: GenerationOptions,
): Promise<OpenGeneration> {
  const choices = choicesOf(sampling)
  const makeContext =
    edits?.makeContext.bind(edits) ??
    ((builder: GraphBuilder) => new TapRecorder({ builder, weights: model.weights, edits: false }))
  const graph = buildGenerationGraph(model, makeContext, choices)
  const key = `generation ${choices} ${edits?.key ?? ''}`
  const { session } = await model.session(key, () => graph.graph)
  return { session, graph }
}

/** Appends one token to every text that goes on, and answers the tokens the next step reads. */
function drawTokens(
  texts: Texts,
  fetches: Readonly<Record<string, Fetch>>,
  { sampling, stopTokens }: GenerationOptions,
): readonly number[] {
  const ids = (fetches['next.ids'] as Fetch).data as Int32Array
  const logits = (fetches['next.logits'] as Fetch).data as Float32Array
  const choices = choicesOf(sampling)
  return texts.ids.map((text, element) => {
    const offered = logits.subarray(element * choices, (element + 1) * choices)
    const drawn = sampleToken(sampling, offered, texts.randoms[element] as SeededRandom)
    const id = ids[element * choices + drawn] as number
    if (stopTokens?.includes(id) === true) texts.ended[element] = true
    if (texts.ended[element] !== true) text.push(id)
    return id
  })
}

function stepFeeds(
  tokens: readonly (readonly number[])[],
  past: number,
): Readonly<Record<string, Feed>> {
  const positions = (tokens[0] as readonly number[]).length
  return {
    token_ids: int64(tokens.flat(), [tokens.length, positions]),
    position_ids: int64(
      Array.from({ length: positions }, (_, index) => past + index),
      [positions],
    ),
    key_position_ids: int64([...Array(past + positions).keys()], [past + positions]),
    last_rows: int64(
      tokens.map((_, element) => (element + 1) * positions - 1),
      [tokens.length],
    ),
  }
}

function emptyMemory({ slots }: GenerationGraph, batch: number): Record<string, Feed> {
  const sizes: Readonly<Record<string, number>> = { batch, past: 0 }
  return Object.fromEntries(
    slots.map(({ past, shape }) => {
      const size = shape.map((dimension) =>
        typeof dimension === 'number' ? dimension : (sizes[dimension] as number),
      )
      return [past, { type: 'float32', shape: size, data: new Float32Array(0) }]
    }),
  )
}

function memoryFeeds(
  { slots }: GenerationGraph,
  fetches: Readonly<Record<string, Fetch>>,
): Record<string, Feed> {
  return Object.fromEntries(
    slots.map(({ past, present }) => {
      const { shape, data } = fetches[present] as Fetch
      return [past, { type: 'float32', shape, data }]
    }),
  )
}

function validate(
  { shape }: LoadedModel,
  prompts: readonly GenerationPrompt[],
  { length, sampling }: GenerationOptions,
): void {
  if (!Number.isSafeInteger(length) || length < 1 || length > shape.contextLength) {
    throw new LensEngineError('PROMPT_TOO_LONG', `a text of ${length} tokens was asked for`, {
      details: { length, contextLength: shape.contextLength },
      cure: `Ask for 1 to ${shape.contextLength} tokens, the prompt's included.`,
    })
  }
  const choices = choicesOf(sampling)
  if (!Number.isSafeInteger(choices) || choices < 1 || choices > shape.vocabularySize) {
    throw new LensEngineError('BAD_ARGUMENT', `top-k sampling with k = ${choices}`, {
      details: { k: choices, vocabularySize: shape.vocabularySize },
      cure: `Use a whole number from 1 to ${shape.vocabularySize}; the papers use 5.`,
    })
  }
  prompts.forEach(({ ids }, index) => {
    if (ids.length > 0) return
    throw new LensEngineError('PROMPT_EMPTY', `prompt ${index} has no tokens`, {
      details: { index },
      cure: 'Write a prompt of at least one token.',
    })
  })
}

function cancelled(): LensEngineError {
  return new LensEngineError('RUN_CANCELLED', 'the generation was cancelled', {
    cure: 'Start it again when you need it.',
  })
}
