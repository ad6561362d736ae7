// Prompts of unequal length -> one batch. They are padded on the right: causal attention never lets a real position see
// the padding, and the loss never reads it, so every number equals that of a run of its own.
import { float32, int64 } from '../runtime/feeds.js'
import type { Feed } from '../runtime/ort.js'
import { stripRowLimit, tileRowLimit } from '../runtime/memory-estimate.js'
import { createRandom } from '../tensor/seeded-random.js'
import type { PreparedPrompt } from './prepare-prompt.js'

const PADDING_TOKEN = 0

export interface Batch {
  readonly prompts: readonly PreparedPrompt[]
  /** Positions of the longest prompt. */
  readonly positions: number
  readonly rows: number
  /** Index of each prompt's first scored place among all scored places. */
  readonly firstScored: readonly number[]
}

export function makeBatch(prompts: readonly PreparedPrompt[]): Batch {
  const positions = Math.max(...prompts.map((prompt) => prompt.inputIds.length))
  let next = 0
  const firstScored = prompts.map((prompt) => {
    const first = next
    next += prompt.scored.length
    return first
  })
  return { prompts, positions, rows: prompts.length * positions, firstScored }
}

/** Feeds every graph with a loss needs. */
export function lossFeeds(batch: Batch): Record<string, Feed> {
  const { prompts, positions } = batch
  const ids = prompts.flatMap(({ inputIds }) => [
    ...inputIds,
    ...Array<number>(positions - inputIds.length).fill(PADDING_TOKEN),
  ])
  const scored = prompts.flatMap((prompt, index) =>
    prompt.scored.map(({ position, token }) => ({ row: index * positions + position, token })),
  )
  return {
    token_ids: int64(ids, [prompts.length, positions]),
    position_ids: int64([...Array(positions).keys()], [positions]),
    loss_rows: int64(
      scored.map(({ row }) => row),
      [scored.length],
    ),
    loss_tokens: int64(
      scored.map(({ token }) => token),
      [scored.length],
    ),
    loss_weights: float32(new Float32Array(scored.length).fill(1), [scored.length]),
  }
}

/** Feeds of the vocabulary projection. @param vectors rows to project, all groups together */
export function projectionFeeds(batch: Batch, vectors: number, vocabularySize: number) {
  const { prompts, firstScored } = batch
  const stripRows = Math.min(vectors, stripRowLimit(vocabularySize))
  const tiles = Math.ceil(vectors / tileRowLimit(vocabularySize))
  const strips = Math.ceil(Math.ceil(vectors / stripRows) / tiles)
  const feeds: Record<string, Feed> = {
    answer_index: int64(firstScored, [prompts.length]),
    ranked_targets: int64(
      prompts.map(({ rankedTarget }) => rankedTarget),
      [prompts.length],
    ),
    tile_shape: int64([tiles, strips, stripRows], [3]),
    tile_padding: int64([tiles * strips * stripRows - vectors], [1]),
  }
  return feeds
}

/** Random coefficients of the gradient check, zero outside each check's own prompt. */
export function checkFeeds(batch: Batch, seed: number): Record<string, Feed> {
  const { prompts, positions, rows } = batch
  const random = createRandom(seed)
  const shape = [prompts.length, rows]
  const make = (value: () => number): Feed => {
    const data = new Float32Array(prompts.length * rows)
    prompts.forEach(({ inputIds }, check) => {
      for (let position = 0; position < inputIds.length; position++) {
        data[check * rows + check * positions + position] = value()
      }
    })
    return float32(data, shape)
  }
  return {
    check_coefficients: make(() => random.nextNormal()),
    check_owner: make(() => 1),
  }
}
