// A choice of provider -> sessions on it; under `auto` a GPU that cannot open one gives way to the next provider.
import { LensEngineError } from '../errors.js'
import { createSession, type Provider, type Session, type SessionSettings } from './ort.js'
import {
  chooseProvider,
  type ChosenProvider,
  type DeviceOptions,
  type ProviderChoice,
} from './provider.js'

export class DeviceSessions {
  readonly #choice: ProviderChoice
  readonly #options: DeviceOptions
  readonly #failed = new Map<Provider, string>()
  #chosen: ChosenProvider

  /** @throws PROVIDER_UNAVAILABLE when a provider asked for by name does not work here */
  constructor(choice: ProviderChoice, options: DeviceOptions = {}) {
    this.#choice = choice
    this.#options = options
    this.#chosen = chooseProvider(choice, options)
  }

  /** Where the next session opens. */
  get chosen(): ChosenProvider {
    return this.#chosen
  }

  /**
   * Opens a graph file.
   * @throws PROVIDER_UNAVAILABLE when a provider asked for by name cannot open it; what the runtime throws on the CPU
   */
  async open(file: string, settings: Omit<SessionSettings, 'provider'>): Promise<Session> {
    for (;;) {
      const { provider } = this.#chosen
      try {
        return await createSession(file, { ...settings, provider })
      } catch (error) {
        this.#giveWay(provider, error)
      }
    }
  }

  #giveWay(provider: Provider, error: unknown): void {
    if (provider === 'cpu') throw error
    const message = error instanceof Error ? error.message : String(error)
    if (this.#choice !== 'auto')
      throw new LensEngineError(
        'PROVIDER_UNAVAILABLE',
        `the provider ${provider} could not open the model's graph: ${message}`,
        {
          details: { provider, device: this.#chosen.device },
          cure: 'Use `auto` or `cpu`; a smaller model may fit into the memory of the GPU.',
          cause: error,
        },
      )
    this.#failed.set(provider, `could not open the model's graph (${message.slice(0, 200)})`)
    this.#chosen = chooseProvider('auto', { ...this.#options, failed: this.#failed })
  }
}
