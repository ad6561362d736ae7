// Which factor of a matrix lives in the residual stream, in the API's words.
import { projectableFactor } from '../../engine/engine-vocabulary.js'
import { factorNames, matrixNames } from '../../vocabulary/names.js'
import type { FactorNameKey, MatrixNameKey } from '../../vocabulary/names.js'

export function projectableFactorOf(matrix: MatrixNameKey): FactorNameKey {
  return factorNames.fromEngine(projectableFactor[matrixNames.toEngine(matrix)])
}
