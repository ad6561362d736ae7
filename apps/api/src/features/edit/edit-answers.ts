// What the engine answered about edits, as rows keep it -> what GraphQL shows of it.
import type {
  EditDifference,
  EditEffect as EngineEffect,
  EditNormGrowth as EngineGrowth,
  EditReading as EngineReading,
  NextToken as EngineNextToken,
} from '../../engine/engine-vocabulary.js'
import { editPromptKinds, editSides, editWarningLevels } from '../../vocabulary/edit-names.js'
import { matrixNames } from '../../vocabulary/names.js'
import type { EditEffect } from './edit-effect.type.js'
import type { EditNormGrowth, EditReading } from './edit-reading.type.js'
import type { EditDiff } from './edit-task.type.js'
import type { NextToken } from './edit-token.type.js'
import type { DiffQuestion } from './task-input.js'

export function toNextToken(next: EngineNextToken): NextToken {
  return { ...next, top: [...next.top] }
}

export function toEffect({ prompts, generations, lens, milliseconds }: EngineEffect): EditEffect {
  return {
    prompts: prompts.map((one) => ({
      ...one,
      kind: editPromptKinds.fromEngine(one.kind),
      before: toNextToken(one.before),
      after: toNextToken(one.after),
    })),
    generations: [...generations],
    lens: lens.map((one) => ({ ...one, before: [...one.before], after: [...one.after] })),
    milliseconds,
  }
}

export function toGrowth(growth: readonly EngineGrowth[]): EditNormGrowth[] {
  return growth.map(({ address, change, matrix, relative, spectral, level, explanation }) => ({
    ...placeOf(address),
    ...{ change, relative, spectral, explanation },
    matrixNorm: matrix,
    level: editWarningLevels.fromEngine(level),
  }))
}

export function toReadings(readings: readonly EngineReading[]): EditReading[] {
  return readings.map(({ address, side, rank, factors }) => ({
    ...placeOf(address),
    side: editSides.fromEngine(side),
    rank,
    factors: factors.map((one) => ({ ...one, top: [...one.top], bottom: [...one.bottom] })),
  }))
}

export function toDiff(diff: EditDifference, { firstId, secondId }: DiffQuestion): EditDiff {
  return {
    ...{ firstId, secondId, cosine: diff.cosine, compared: diff.compared },
    shared: diff.shared.map(({ address, cosine, inputAngles, outputAngles }) => ({
      ...placeOf(address),
      cosine,
      inputAngles: [...inputAngles],
      outputAngles: [...outputAngles],
    })),
    onlyFirst: [...diff.onlyFirst],
    onlySecond: [...diff.onlySecond],
    tokenOverlap: diff.tokenOverlap.map((one) => ({
      ...placeOf(one.address),
      overlap: one.overlap,
      firstTokens: [...one.firstTokens],
      secondTokens: [...one.secondTokens],
      sharedTokens: [...one.sharedTokens],
    })),
    flips: diff.flips.map((one) => ({
      ...one,
      kind: editPromptKinds.fromEngine(one.kind),
      first: toNextToken(one.first),
      second: toNextToken(one.second),
    })),
  }
}

const placeOf = ({ layer, matrix }: EngineReading['address']) => ({
  layer,
  matrix: matrixNames.fromEngine(matrix),
})
