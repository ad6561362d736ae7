// One engine child per device: a run on the GPU and a run on the CPU do not wait for each other, and a driver that takes
// its child down leaves the other alone. Children start when a run first needs them.
import type { EditAnswer, EditTask } from '../editing/edit-task.js'
import { LensEngineError } from '../errors.js'
import type { LensResult } from '../lens/lens-result.js'
import type { Provider } from '../runtime/ort.js'
import type { ModelDescription } from '../runtime/describe-model.js'
import type { CasesAnswer, CasesTask } from './cases-task.js'
import type { EngineTask } from './engine-protocol.js'
import { EngineSupervisor } from './engine-supervisor.js'
import { findDevices, type FoundDevices } from './find-devices.js'
import type {
  CallOptions,
  EngineEvent,
  EngineStatus,
  EngineSupervisorOptions,
} from './supervisor-options.js'

export interface EnginePoolOptions extends Omit<EngineSupervisorOptions, 'log'> {
  /** Told of everything that happens to a child, and whose it is. */
  readonly log?: (event: EngineEvent & { readonly provider: Provider }) => void
  /** What the machine offers; asked once, when a run first leaves the choice to `auto`. */
  readonly findDevices?: () => Promise<FoundDevices>
}

/** Asking may take a minute and more; nobody need wait for that again and again. */
const FAILURE_KEPT_MILLISECONDS = 60_000

export class EnginePool {
  readonly #options: EnginePoolOptions
  readonly #supervisors = new Map<Provider, EngineSupervisor>()
  #devices: Promise<FoundDevices> | null = null
  #disposed = false

  constructor(options: EnginePoolOptions = {}) {
    this.#options = options
  }

  /** Starts the child of a provider, so that its first run need not wait. @throws ENGINE_UNAVAILABLE when it does not start */
  async start(provider: EngineTask['provider'] = 'auto'): Promise<void> {
    await (await this.#supervisor(provider)).start()
  }

  /** What the machine offers and what `auto` takes. @throws ENGINE_UNAVAILABLE when it cannot be found out, for a minute */
  devices(): Promise<FoundDevices> {
    const find = this.#options.findDevices ?? (() => findDevices(this.#options.home))
    this.#devices ??= find().catch((error: unknown) => {
      setTimeout(() => (this.#devices = null), FAILURE_KEPT_MILLISECONDS).unref()
      throw error
    })
    return this.#devices
  }

  /** As `EngineSupervisor.run`, on the child of the task's device; a task without a provider goes where `auto` points. */
  async run(task: EngineTask, options: CallOptions = {}): Promise<readonly LensResult[]> {
    return (await this.#supervisor(task.provider ?? 'auto')).run(task, options)
  }

  /** As `EngineSupervisor.edit`, on the child of the task's device. */
  async edit<T extends EditTask>(task: T, options: CallOptions = {}): Promise<EditAnswer<T>> {
    return (await this.#supervisor(task.provider ?? 'auto')).edit(task, options)
  }

  /** As `EngineSupervisor.evaluate`, on the child of the task's device. */
  async evaluate<T extends CasesTask>(task: T, options: CallOptions = {}): Promise<CasesAnswer<T>> {
    return (await this.#supervisor(task.provider ?? 'auto')).evaluate(task, options)
  }

  /** As `EngineSupervisor.describeModel`; it loads nothing, so any child will do. */
  async describeModel(model: string, options: CallOptions = {}): Promise<ModelDescription> {
    const started = [...this.#supervisors.values()][0]
    return (started ?? (await this.#supervisor('cpu'))).describeModel(model, options)
  }

  /** The children so far. */
  status(): readonly (EngineStatus & { readonly provider: Provider })[] {
    return [...this.#supervisors].map(([provider, supervisor]) => ({
      ...supervisor.status(),
      provider,
    }))
  }

  /** Ends every child and fails what waits or runs with RUN_CANCELLED. Afterwards no process is left. */
  async dispose(): Promise<void> {
    this.#disposed = true
    await Promise.all([...this.#supervisors.values()].map((supervisor) => supervisor.dispose()))
  }

  /** Where `auto` points; to the child of the CPU where that cannot be found out, which then looks for itself. */
  #automatic(): Promise<Provider> {
    return this.devices().then(
      ({ auto }) => auto.provider,
      () => 'cpu',
    )
  }

  async #supervisor(choice: NonNullable<EngineTask['provider']>): Promise<EngineSupervisor> {
    const provider = choice === 'auto' ? await this.#automatic() : choice
    if (this.#disposed)
      throw new LensEngineError(
        'RUN_CANCELLED',
        'the run did not finish: the engine was shut down',
        {
          details: { reason: 'the engine was shut down' },
          cure: 'Start it again when you want its result.',
        },
      )
    const known = this.#supervisors.get(provider)
    if (known !== undefined) return known
    const { log, ...options } = this.#options
    const supervisor = new EngineSupervisor({
      ...options,
      ...(log === undefined ? {} : { log: (event) => log({ ...event, provider }) }),
    })
    this.#supervisors.set(provider, supervisor)
    return supervisor
  }
}
