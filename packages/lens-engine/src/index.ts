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
export type { LensProgress } from './lens/stream-watch.js'

// Edits
export {
  addressKey,
  deltaNorm,
  denseDelta,
  lowRankDelta,
  type DenseDelta,
  type LowRankDelta,
  type MatrixDelta,
} from './edits/matrix-delta.js'
export {
  prepareEditRequest,
  spaceTarget,
  type EditRequest,
  type PreparedEditRequest,
} from './edits/edit-request.js'
export {
  editId,
  type Edit,
  type EditCost,
  type EditedModel,
  type EditReceipt,
} from './edits/edit.js'
export { editFileBytes, loadEdit, readEditBytes, saveEdit } from './edits/edit-file.js'
export { findEditMethod } from './edits/registry.js'
export {
  editMethodNames,
  type EditMethod,
  type EditMethodName,
  type EditNeed,
  type EditOutcome,
  type EditProgress,
  type EditResources,
  type EditTrace,
  type MethodDefaults,
} from './edits/edit-method.js'
export type {
  HyperparameterSpec,
  HyperparameterValue,
  HyperparameterValues,
} from './edits/hyperparameters.js'
export type { TrainedMend, TrainMendOptions } from './edits/mend/train-mend.js'
export type { TrainingEnd, TrainingProgress } from './edits/mend/train-editor.js'
export type { ExampleLoss, TrainingExample } from './edits/mend/training-example.js'
export {
  defaultTrainingSettings,
  type LossPoint,
  type TrainingSettings,
} from './edits/mend/training-state.js'

// Data sets, metrics and statistics
export type * from './datasets/evaluation-case.js'
export {
  datasetFormatNames,
  datasetFormats,
  type DatasetFormat,
} from './datasets/dataset-formats.js'
export {
  factsPath,
  loadDataset,
  readDataset,
  type DatasetReader,
  type DatasetReport,
  type ReadDatasetOptions,
  type RejectedRecord,
} from './datasets/read-dataset.js'
export { selectCases, type CaseSlice } from './datasets/select-cases.js'
export type * from './evaluation/metrics/case-row.js'
export type { Measured } from './evaluation/metrics/measured.js'
export {
  metricLabel,
  protocolNames,
  protocols,
  type MetricName,
  type ProtocolName,
  type TextResources,
} from './evaluation/metrics/protocols.js'
export {
  averageMetric,
  compareMetrics,
  deriveMetric,
  type MetricValue,
} from './evaluation/metrics/metric-value.js'
export {
  buildProtocolTable,
  joinTables,
  metricTable,
  summarizeProtocol,
  summarizeRelations,
  type MetricVectors,
  type ProtocolSummary,
  type ProtocolTable,
  type ProtocolTableOptions,
  type TableCase,
} from './evaluation/metrics/protocol-table.js'
export {
  promptNumbers,
  protocolMetrics,
  rowMetrics,
  type PromptNumbers,
  type ProtocolMetric,
} from './evaluation/metrics/row-metrics.js'
export { fitsProtocol } from './evaluation/metrics/fits-protocol.js'
export {
  describeMethods,
  type DescribedArm,
  type DescribedEvaluation,
} from './evaluation/describe-methods.js'
export {
  paperNames,
  reproductionPlan,
  type PaperName,
  type ReproducedArm,
  type ReproductionPlan,
} from './evaluation/reproduction/reproduction-plan.js'
export {
  compareWithPublished,
  spreadTexts,
  type ComparedCell,
  type ComparedRow,
  type ComparedTable,
} from './evaluation/reproduction/published-agreement.js'
export { publishedTables, publishedTablesOf } from './evaluation/metrics/published-tables.js'
export type * from './evaluation/evaluation-record.js'
export type * from './evaluation/cases-task.js'
export type { KnownAnswer, KnownCounts } from './evaluation/known-cases.js'
export { evaluationArms, type ArmRequest } from './evaluation/evaluation-arms.js'
export type {
  EvaluationProgress,
  EvaluationResults,
  RunEvaluationOptions,
} from './evaluation/run-evaluation.js'
export { readResults, readTimings, type StoredResults } from './evaluation/results-file.js'
export type {
  PublishedCell,
  PublishedRow,
  PublishedTable,
} from './evaluation/metrics/published-table.js'
export type { BootstrapOptions } from './statistics/bootstrap.js'
export type {
  MethodEstimate,
  PairedComparison,
  RelationEstimates,
} from './statistics/method-table.js'

// The paper's figures over many prompts
export type * from './figures/figure-data.js'
export type * from './figures/prompt-observation.js'
export { figureInfo, figureKinds, type FigureKindInfo } from './figures/figure-kinds.js'
export { buildFigure } from './figures/build-figure.js'
export type { FigureOptions } from './figures/figure-estimates.js'
export { drawFigure, type DrawOptions } from './figures/draw/draw-figure.js'
export type { ObservePromptsTask } from './figures/observe-prompts-task.js'
export type { FiguresReceipt, ObservedPrompts } from './figures/observe-prompts.js'

// Neurons
export type { NeuronPart } from './neurons/neuron-part.js'
export { HISTOGRAM_BINS, summarizeActivity } from './neurons/neuron-activity.js'
export type { ActivitySummary, NeuronActivity } from './neurons/neuron-activity.js'
export { neuronNorms } from './neurons/edit-norms.js'
export type * from './neurons/survey-neurons-task.js'
export type { SurveyCase } from './neurons/read-activity.js'

// Reading edits
export type { DeltaReading, FactorReading } from './readings/read-edit.js'
export { inputFactors, keyOverlap, type InputFactors } from './readings/key-overlap.js'
export type { EditDiff, MatrixDiff } from './readings/diff-edits.js'
export type { PredictedEffect } from './readings/predict-effect.js'
export {
  warningThresholds,
  type NormGrowth,
  type WarningLevel,
  type WarningThreshold,
} from './readings/norm-growth.js'

// Tasks about edits, computed by the engine process
export type * from './editing/edit-task.js'
export type * from './editing/edit-answer.js'
export { INTERFERENCE_LIMIT } from './editing/map-interference.js'
export { completeEditHyperparameters } from './editing/check-hyperparameters.js'
export {
  describeEditMethods,
  type EditMethodDescription,
  type HyperparameterDescription,
  type PublishedValue,
} from './editing/describe-methods.js'

// Models (none of these loads the runtime)
export { describeModel, type ModelDescription, type ModelFiles } from './runtime/describe-model.js'
export {
  availableMemory,
  checkMemory,
  estimateMemory,
  type MemoryEstimate,
} from './runtime/memory-estimate.js'
export { loadTokenizer } from './tokenizers/load-tokenizer.js'
export type { Tokenizer, TokenSpan } from './tokenizers/tokenizer.js'
export { openWeights } from './weights/open-weights.js'
export type { WeightSource, WeightTensor } from './weights/weight-source.js'
export { writeSafetensors, type TensorToWrite } from './weights/safetensors-writer.js'
export {
  addModel,
  addModelInSteps,
  listModels,
  openModel,
  type ModelDirectory,
  type ModelListing,
  type ModelStoreOptions,
} from './models/model-store.js'
export type { HubOrigin } from './models/model-manifest.js'
export { inspectModel, type ModelInspection } from './models/inspect-model.js'
export { checkModelName, toModelName } from './models/model-name.js'
export { findRepositoryRoot, resolveHome } from './models/home.js'

// Getting models from a hub
export {
  formatHubSource,
  parseModelSource,
  type HubSource,
  type ModelSource,
} from './hub/model-source.js'
export { downloadModel } from './hub/download-model.js'
export { isPrivateAddress } from './hub/private-address.js'
export type { DownloadOptions, DownloadProgress, DownloadStage } from './hub/download-options.js'

// The engine process
export { EngineSupervisor } from './host/engine-supervisor.js'
export type {
  CallOptions,
  EngineEvent,
  EngineStatus,
  EngineSupervisorOptions,
} from './host/supervisor-options.js'
export type { EngineStage, EngineTask } from './host/engine-protocol.js'
export type { CasesAnswer, CasesTask } from './host/cases-task.js'
export { EnginePool, type EnginePoolOptions } from './host/engine-pool.js'
export { findDevices, type FoundDevices } from './host/find-devices.js'
export type { ChosenProvider, DeviceReport, ProviderChoice } from './runtime/provider.js'

// Version
export { engineVersion } from './engine-version.js'
