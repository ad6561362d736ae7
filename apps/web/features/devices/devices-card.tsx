// What can compute on the machines of the workers, and why the rest cannot.
import type { DevicePartsFragment } from '../../graphql/generated/graphql'
import { byMachine, PROVIDERS, sayDevice } from './device-facts'

const STATES: Readonly<Record<DevicePartsFragment['state'], string>> = {
  USABLE: 'ready',
  SOFTWARE: 'by name only',
  REFUSED: 'not available',
}

interface DevicesCardProps {
  readonly devices: readonly DevicePartsFragment[]
  /** Workers that are alive. */
  readonly workers: number
}

function Waiting({ workers }: Pick<DevicesCardProps, 'workers'>) {
  return (
    <p className="muted">
      {workers === 0
        ? 'No worker is running, so nothing is computed: start one with npm start.'
        : 'The worker is still finding out.'}
    </p>
  )
}

export function DevicesCard({ devices, workers }: DevicesCardProps) {
  const machines = byMachine(devices)
  return (
    <section className="card devices" aria-labelledby="devices-title" data-testid="devices">
      <h2 id="devices-title">What computes</h2>
      {machines.length === 0 && <Waiting workers={workers} />}
      {machines.map(([machine, its]) => (
        <div key={machine}>
          {machines.length > 1 && <h3 className="mono">{machine}</h3>}
          <ul>
            {its.map((device) => (
              <li key={device.provider} data-state={device.state}>
                <b>{PROVIDERS[device.provider].label}</b>
                <span className="device-name">{sayDevice(device)}</span>
                <span className="badge">
                  {device.automatic ? 'used by itself' : STATES[device.state]}
                </span>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  )
}
