import { describe, expect, it } from 'vitest'
import type { LensResult, PackedCells } from '../lens/lens-result.js'
import { comparePublished } from './compare-published.js'
import { publishedGpt2 as published } from './published-gpt2.js'

/** A result that holds the published numbers themselves. */
function publishedResult(): LensResult {
  const matrices = published.norm[0]!.map((_, layer): Partial<PackedCells> => {
    const ranks = published.targetRank.map((row) => row[layer]!)
    return {
      layer,
      matrix: 'mlp.down',
      vjpNorm: Float32Array.from(published.norm, (row) => row[layer]!),
      targetRank: Int32Array.from(ranks, (rank) => rank ?? -1),
      masked: Uint8Array.from(ranks, (rank) => (rank === null ? 1 : 0)),
    }
  })
  return {
    loss: published.loss,
    answer: { id: published.answerId },
    matrices,
  } as unknown as LensResult
}

describe('the published run', () => {
  it('has a number for every token and layer', () => {
    const { tokens, promptIds, shape, targetRank, norm } = published
    expect([tokens.length, promptIds.length, targetRank.length, norm.length]).toEqual([4, 4, 4, 4])
    for (const row of [...targetRank, ...norm]) expect(row).toHaveLength(shape.layers)
    targetRank.forEach((row, position) =>
      row.forEach((rank, layer) => expect(rank === null).toBe(norm[position]![layer] === 0)),
    )
  })
})

describe('comparePublished', () => {
  it('agrees with itself', () => {
    const comparisons = comparePublished(publishedResult(), published)
    expect(comparisons).toHaveLength(2 + 48 + 48)
    expect(comparisons.filter(({ within }) => !within)).toEqual([])
  })

  it('names a loss, a norm, a rank and a mask beyond tolerance, and lets near ranks pass', () => {
    const result = publishedResult()
    const changed = { ...result, loss: result.loss + 2e-4 }
    result.matrices[3]!.vjpNorm[0]! += 5e-4
    result.matrices[4]!.targetRank[3]! -= 6
    result.matrices[4]!.targetRank[1]! += 50
    result.matrices[11]!.masked[0] = 0
    const beyond = comparePublished(changed, published).filter(({ within }) => !within)
    expect(beyond.map(({ what }) => what)).toEqual([
      'loss',
      'rank  layer 11  Obama',
      'rank  layer 4   in',
      'norm  layer 3  Obama',
    ])
  })
})
