// What the engine says of a model -> the values of its row.
import { matrixNames } from '../../vocabulary/names.js'
import type { ModelDescription } from '../../engine/engine-vocabulary.js'
import type { ModelValues } from './model.repository.js'

export interface ModelPlace {
  /** What opens it in the model store. */
  readonly source: string
  readonly directory: string
  readonly bundled: boolean
}

export function toModelValues(description: ModelDescription, place: ModelPlace): ModelValues {
  const { name, family, layers, width, heads, contextLength, vocabularySize } = description
  const { dtype, digest, hasTokenizer } = description
  return {
    ...{ name, family, layers, width, heads, contextLength, vocabularySize },
    ...{ dtype, digest, hasTokenizer },
    ...place,
    parameters: BigInt(description.parameters),
    bytes: BigInt(description.bytes),
    matrices: description.matrices.map(matrixNames.fromEngine),
  }
}
