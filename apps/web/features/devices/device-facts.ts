// What can compute, in words: each choice with the device behind it, or why it cannot be taken.
import type { DevicePartsFragment, ProviderChoice } from '../../graphql/generated/graphql'

export const PROVIDERS: Readonly<
  Record<ProviderChoice, { readonly label: string; readonly slug: string }>
> = {
  AUTO: { label: 'Automatic', slug: 'auto' },
  CPU: { label: 'CPU', slug: 'cpu' },
  WEBGPU: { label: 'GPU through WebGPU', slug: 'webgpu' },
  CUDA: { label: 'GPU through CUDA', slug: 'cuda' },
}

const CHOICES = Object.keys(PROVIDERS) as ProviderChoice[]

export const deviceSlug = (provider: ProviderChoice): string => PROVIDERS[provider].slug

export function deviceOfSlug(slug: string | null): ProviderChoice | null {
  return CHOICES.find((choice) => PROVIDERS[choice].slug === slug) ?? null
}

export interface DeviceOption {
  readonly provider: ProviderChoice
  readonly label: string
  /** The device, or why there is none. */
  readonly detail: string
  readonly refused: boolean
}

/** Every choice; one is refused only when every machine refuses it. */
export function deviceOptions(devices: readonly DevicePartsFragment[]): DeviceOption[] {
  return CHOICES.map((provider) => ({
    provider,
    label: PROVIDERS[provider].label,
    ...(provider === 'AUTO' ? automatic(devices) : offered(devices, provider)),
  }))
}

function automatic(devices: readonly DevicePartsFragment[]) {
  const names = [...new Set(devices.flatMap((one) => (one.automatic && one.name) || []))]
  return { refused: false, detail: names.length > 0 ? `now ${names.join(', or ')}` : '' }
}

function offered(devices: readonly DevicePartsFragment[], provider: ProviderChoice) {
  const offers = devices.filter((one) => one.provider === provider)
  const usable = offers.filter((one) => one.state !== 'REFUSED')
  const [best = offers[0]] = usable
  return { refused: offers.length > 0 && usable.length === 0, detail: best ? sayDevice(best) : '' }
}

export function sayDevice({ state, name, reason }: DevicePartsFragment): string {
  if (state === 'REFUSED') return reason ?? 'it does not work here'
  return state === 'SOFTWARE' ? `${name ?? ''} (a program, slow)` : (name ?? '')
}

/** Machines in the order of their workers, each with its devices. */
export function byMachine(
  devices: readonly DevicePartsFragment[],
): ReadonlyArray<readonly [machine: string, devices: readonly DevicePartsFragment[]]> {
  const machines = [...new Set(devices.map(({ machine }) => machine))]
  return machines.map((machine) => [machine, devices.filter((one) => one.machine === machine)])
}
