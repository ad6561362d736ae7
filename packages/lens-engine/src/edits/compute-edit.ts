// A method and its requests -> an edit: prepared, computed, counted and signed with a receipt.
import { engineVersion } from '../engine-version.js'
import { LensEngineError } from '../errors.js'
import type { LoadedModel } from '../runtime/load-model.js'
import { runtimeVersion } from '../runtime/ort.js'
import { defaultsFor } from './default-hyperparameters.js'
import { editId, type Edit } from './edit.js'
import type {
  EditMethod,
  EditMethodName,
  EditProgress,
  EditResources,
  MethodDefaults,
} from './edit-method.js'
import { prepareEditRequest, type EditRequest, type PrepareEditOptions } from './edit-request.js'
import { describeEditedModel, stackDeltas } from './edit-stack.js'
import { completeHyperparameters, type HyperparameterValues } from './hyperparameters.js'
import { checkDelta } from './matrix-delta.js'
import { findEditMethod } from './registry.js'
import { EditLab } from './shared/edit-lab.js'

export interface ComputeEditOptions extends PrepareEditOptions {
  readonly method: EditMethodName
  readonly requests: readonly EditRequest[]
  /** Those that differ from the defaults. */
  readonly hyperparameters?: HyperparameterValues
  /** 0 when absent. */
  readonly seed?: number
  /** Edits the model runs under while this one is computed, in order. */
  readonly onTopOf?: readonly Edit[]
  readonly resources?: EditResources
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: EditProgress) => void
}

/**
 * Computes an edit. The model's weights are not touched.
 * @throws BAD_ARGUMENT for an unknown method, a wrong hyperparameter or number of requests; the errors of
 * `prepareEditRequest`; EDIT_WRONG_MODEL; NOT_FINITE; RUN_CANCELLED
 */
export async function computeEdit(model: LoadedModel, options: ComputeEditOptions): Promise<Edit> {
  const started = performance.now()
  const method = findEditMethod(options.method)
  checkCount(method, options.requests.length)
  const { seed = 0, onTopOf = [] } = options
  const requests = options.requests.map((one) => prepareEditRequest(model, one, options))
  const defaults = defaultsFor(method, model)
  const hyperparameters = completeHyperparameters(
    method.hyperparameters,
    defaults.values,
    options.hyperparameters ?? {},
    model.shape,
  )
  const lab = new EditLab(model, { base: stackDeltas(model, onTopOf), signal: options.signal })
  const result = await method.compute(lab, requests, hyperparameters, {
    seed,
    resources: options.resources ?? {},
    earlier: onTopOf.map((edit) => ({
      method: edit.method,
      requests: edit.requests.map((one) => prepareEditRequest(model, one, options)),
    })),
    onProgress: options.onProgress ?? (() => undefined),
  })
  for (const delta of result.deltas) {
    checkDelta(delta)
    lab.checkWidths(delta)
  }
  const content = {
    method: method.name,
    hyperparameters,
    requests: options.requests.map(({ prompt, subject, target }) => ({ prompt, subject, target })),
    model: describeEditedModel(model),
    deltas: result.deltas,
  }
  return {
    id: editId(content),
    ...content,
    outcome: result.outcome,
    trace: result.trace,
    warnings: result.warnings,
    cost: {
      ...lab.cost,
      milliseconds: performance.now() - started,
      peakBytes: process.resourceUsage().maxRSS * 1024,
    },
    receipt: { ...receiptOf(model, lab, defaults), seed, onTopOf: onTopOf.map(({ id }) => id) },
  }
}

function receiptOf(model: LoadedModel, lab: EditLab, defaults: MethodDefaults) {
  return {
    engineVersion,
    runtimeVersion,
    provider: model.provider.provider,
    dtype: model.dtype,
    threads: model.threads,
    graphDigests: lab.graphDigests,
    defaults: `${defaults.provenance}: ${defaults.source}`,
  }
}

function checkCount(method: EditMethod, count: number): void {
  const { name, requestsPerEdit, withoutRequests = false } = method
  if (count === 0 && withoutRequests) return
  if (count === 1 || (count > 1 && requestsPerEdit === 'many')) return
  const wanted = requestsPerEdit === 'one' ? 'exactly one request' : 'at least one request'
  throw new LensEngineError('BAD_ARGUMENT', `${name} was given ${count} requests`, {
    details: { method: name, requests: count },
    cure: `Give it ${wanted}; several edits can be applied together.`,
  })
}
