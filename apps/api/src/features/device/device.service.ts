// What the workers' machines offer, and whether any of them can do what a run asks for. Nothing here tries a driver.
import { UserFailure } from '../../errors/user-failure.js'
import type { MachineDevices, WorkerRepository } from '../../jobs/worker.repository.js'
import { deviceStates, providerChoices } from '../../vocabulary/names.js'
import type { ProviderChoiceKey } from '../../vocabulary/names.js'
import type { Device, RunDevice } from './device.type.js'

export class DeviceService {
  readonly #workers: Pick<WorkerRepository, 'readDevices'>

  constructor(workers: Pick<WorkerRepository, 'readDevices'>) {
    this.#workers = workers
  }

  /** Of every machine with a worker that is alive, each machine once. */
  async list(): Promise<Device[]> {
    const offers = (await this.#workers.readDevices()).filter((offer) => offer !== null)
    const machines = new Map(offers.map((offer) => [offer.machine, offer]))
    return [...machines.values()].flatMap(devicesOf)
  }

  /** @throws PROVIDER_UNAVAILABLE when every worker that is alive has said that it cannot compute there */
  async require(provider: ProviderChoiceKey): Promise<void> {
    if (provider === 'AUTO') return
    const offers = await this.#workers.readDevices()
    const reasons = offers.map((offer) => (offer === null ? null : refusalOf(offer, provider)))
    const [reason] = reasons
    if (reason === undefined || reasons.includes(null)) return
    throw new UserFailure(
      'PROVIDER_UNAVAILABLE',
      `No worker can compute on ${providerChoices.toEngine(provider)}: ${reason}.`,
      { field: 'provider', cure: 'Use AUTO or CPU; the Models page lists what there is.' },
    )
  }
}

function devicesOf({ machine, auto, devices }: MachineDevices): Device[] {
  return devices.map(({ provider, state, device, reason }) => ({
    machine,
    provider: providerChoices.fromEngine(provider),
    state: deviceStates.fromEngine(state),
    name: device,
    reason,
    automatic: provider === auto.provider,
  }))
}

function refusalOf({ devices }: MachineDevices, provider: ProviderChoiceKey): string | null {
  const found = devices.find((one) => providerChoices.fromEngine(one.provider) === provider)
  return found?.state === 'refused' ? (found.reason ?? 'it does not work here') : null
}

/** Where a receipt says that its run was computed; null for receipts that do not say. */
export function deviceOfReceipt(receipt: unknown): RunDevice | null {
  const { provider, device, providerReason } = (receipt ?? {}) as Readonly<Record<string, unknown>>
  if (typeof provider !== 'string' || typeof device !== 'string') return null
  const reason = typeof providerReason === 'string' ? providerReason : ''
  return { provider, name: device, reason }
}
