// What is left of an evaluation, and what the workers that are alive say of themselves -> why none of them can take it.
import type { MachineDevices } from '../../jobs/worker.repository.js'
import type { WorkerStatus } from '../../jobs/worker-activity.js'
import type { Trouble } from '../worker/worker.type.js'

/** Of two projects models may have one name. */
interface NeededModel {
  readonly id: string
  readonly name: string
}

export interface WaitingEvaluation {
  /** In the engine's words. */
  readonly provider: string
  /** Whether a worker computes some of it. */
  readonly running: boolean
  /** The models that are needed. */
  readonly models: readonly NeededModel[]
  readonly workers: readonly {
    readonly status: WorkerStatus | null
    readonly devices: MachineDevices | null
  }[]
}

type LivingWorker = WaitingEvaluation['workers'][number]

/** Null when a worker can take some of it, takes some already, or none is alive. */
export function whyNobody({
  provider,
  running,
  models,
  workers,
}: WaitingEvaluation): Trouble | null {
  if (running || models.length === 0 || workers.length === 0) return null
  const reasons = workers.map((worker) => whyNot(worker, provider, models))
  const found = reasons.filter((reason) => reason !== null)
  const first = found.find(({ code }) => code === 'MODEL_TOO_LARGE') ?? found[0]
  if (first === undefined || found.length < workers.length) return null
  const codes = new Set(found.map(({ code }) => code).filter((code) => code !== first.code))
  const more = codes.size === 0 ? '' : ` Other workers: ${[...codes].join(', ')}.`
  return { ...first, message: `${first.message}${more}` }
}

/** Null for a worker that can compute some of it. */
function whyNot(
  { status, devices }: LivingWorker,
  provider: string,
  models: readonly NeededModel[],
): Trouble | null {
  if (status?.trouble) {
    const { code, message, cure } = status.trouble
    return { code, message: withStop(message), cure }
  }
  if (provider !== 'auto' && devices !== null && !offers(devices, provider))
    return {
      code: 'PROVIDER_UNAVAILABLE',
      message: `No worker that is alive can compute on ${provider}.`,
      cure: 'Start a worker on a machine that has it, or clone the evaluation and leave the device to the workers.',
    }
  const found = models.map((model) => whyNotModel(status, model))
  return found.some((reason) => reason === null) ? null : (found[0] ?? null)
}

function whyNotModel(status: WorkerStatus | null, { id, name }: NeededModel): Trouble | null {
  const large = status?.largeModels?.find(({ modelId }) => modelId === id)
  if (large !== undefined)
    return {
      code: 'MODEL_TOO_LARGE',
      message: withStop(`No worker that is alive has the memory for ${name}: ${large.message}`),
      cure: large.cure,
    }
  if (!status?.missingModelIds?.includes(id)) return null
  return {
    code: 'MODEL_NOT_FOUND',
    message: `No worker that is alive has the model ${name}.`,
    cure: 'Add it on a machine with a worker, under this name, with "lens models add".',
  }
}

const offers = ({ devices }: MachineDevices, provider: string): boolean =>
  devices.some((one) => one.provider === provider && one.state !== 'refused')

const withStop = (text: string): string => (text.endsWith('.') ? text : `${text}.`)
