// The engine's words that the rest of the API speaks. Only this folder imports the engine.
export { LensEngineError, projectableFactor } from '@imprint/lens-engine'
export type {
  FactorName,
  LensRequest,
  LensResult,
  LensStage,
  MatrixName,
  ModelDescription,
  PackedCells,
} from '@imprint/lens-engine'
