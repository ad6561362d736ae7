// The whole promise of the engine, grouped by heading.

// Errors
export {
  LensEngineError,
  lensEngineErrorCodes,
  type LensEngineErrorCode,
  type ErrorDetails,
} from './errors.js'

// Names
export {
  matrixNames,
  projectableFactor,
  type FactorName,
  type MatrixAddress,
  type MatrixName,
} from './architectures/hook-points.js'

// The lens
export type * from './lens/lens-result.js'
export { lensKinds } from './lens/lens-plan.js'
export { preparePrompt, spacedTarget, type PreparedPrompt } from './lens/prepare-prompt.js'
export type { LensStage, RunLensOptions } from './lens/run-lens.js'
export type { ModelDescription, ModelFiles } from './runtime/load-model.js'
export { engineVersion } from './engine-version.js'
