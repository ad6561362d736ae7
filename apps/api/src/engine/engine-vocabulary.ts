// The engine's words that the rest of the API speaks. Only this folder imports the engine.
export { LensEngineError, projectableFactor } from '@imprint/lens-engine'
export type {
  FactorName,
  FoundDevices,
  LensProgress,
  LensRequest,
  LensResult,
  LensStage,
  MatrixName,
  ModelDescription,
  PackedCells,
  ProviderChoice,
} from '@imprint/lens-engine'
