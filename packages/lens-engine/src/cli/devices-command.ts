// `lens devices`: what models can run on here, what `auto` takes, and why the rest is refused.
import { Command } from 'commander'
import { deviceCacheFile } from '../runtime/device-cache.js'
import { chooseProvider, listDevices, type DeviceReport } from '../runtime/provider.js'
import type { CommandLine } from './command-line.js'
import { formatColumns } from './terminal-text.js'

const notes = `
Each GPU provider is tried now, in a process of its own; \`lens run\` and the engine remember the answer for a day or until
a driver changes. \`software\` is a renderer that computes on the CPU: it may be named, \`auto\` passes it by.

JSON (--json): {auto: {provider, device, reason}, devices: [{provider, state, device, reason}]}`

/** The command, ready to be added to the program. */
export function createDevicesCommand(line: CommandLine): Command {
  return new Command('devices')
    .description('list the processors and GPUs models can run on, and what `auto` takes')
    .option('--json', 'JSON for scripts; errors too', false)
    .option('--no-color', 'no colours')
    .addHelpText('after', notes)
    .action(({ json, color }: { readonly json: boolean; readonly color: boolean }) => {
      line.progress('trying the providers ...')
      const cacheFile = deviceCacheFile(line.home)
      const devices = listDevices({ cacheFile, fresh: true })
      const auto = chooseProvider('auto', { cacheFile })
      line.progress('')
      if (json) return line.print([JSON.stringify({ auto, devices })])
      const { paint } = line.style(color)
      const table = [['provider', 'state', 'device', 'why'], ...devices.map(describeDevice)]
      const taken = `auto takes ${auto.provider} on ${auto.device}`
      line.print([...formatColumns(table, paint), '', taken, paint(auto.reason, 'dim')])
    })
}

function describeDevice({ provider, state, device, reason }: DeviceReport): string[] {
  return [provider, state, device ?? '', reason ?? '']
}
