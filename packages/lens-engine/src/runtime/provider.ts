// Which execution provider a model runs on, and why.
import { LensEngineError } from '../errors.js'
import { compiledProviders, type Provider } from './ort.js'

export type ProviderChoice = Provider | 'auto'

export const providerChoices: readonly ProviderChoice[] = ['auto', 'cpu', 'webgpu', 'cuda']

export interface ChosenProvider {
  readonly provider: Provider
  readonly reason: string
}

/**
 * The providers to try, best first. `auto` is the CPU in this version: small prompts are bound by memory bandwidth,
 * and a GPU is used when it is named.
 * @throws PROVIDER_UNAVAILABLE when the runtime was built without it
 */
export function chooseProvider(choice: ProviderChoice): ChosenProvider {
  if (choice === 'auto') return { provider: 'cpu', reason: 'auto: the CPU is always present' }
  const compiled = compiledProviders()
  if (!compiled.includes(choice)) {
    throw new LensEngineError('PROVIDER_UNAVAILABLE', `this runtime has no provider "${choice}"`, {
      details: { provider: choice, compiled: compiled.join(', ') },
      cure: `Use one of: auto, ${compiled.join(', ')}.`,
    })
  }
  return { provider: choice, reason: 'asked for by name' }
}
