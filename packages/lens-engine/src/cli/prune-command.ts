// `lens models prune`: what was fetched and converted on the way to the store, listed or deleted.
import { Command } from 'commander'
import { listPrunable, pruneCache, type PrunableEntry } from '../hub/prune-cache.js'
import type { CommandLine } from './command-line.js'
import { formatBytes, formatColumns } from './terminal-text.js'

interface PruneFlags {
  readonly yes: boolean
  readonly json: boolean
  readonly color: boolean
}

const help = `
Listed are files fetched from a hub, conversions of GGUF files, and what killed processes left. They can be had again: a later
\`lens models add\` fetches or converts anew. Models that were added stay, and so does what another process works on.
Bytes that a model of the store shares by a hard link are not counted as freed.`

/** The subcommand, ready to be added to `lens models`. */
export function createPruneCommand(line: CommandLine): Command {
  return new Command('prune')
    .description('list what can be deleted without losing a model; --yes deletes it')
    .option('--yes', 'delete', false)
    .option('--json', 'JSON for scripts; errors too', false)
    .option('--no-color', 'no colours')
    .addHelpText('after', help)
    .action(({ yes, json, color }: PruneFlags) => {
      const { deleted, entries, bytes } = yes ? deleteAll(line.home) : listAll(line.home)
      if (json) return line.print([JSON.stringify({ deleted, bytes, entries })])
      const sum = deleted
        ? `${formatBytes(bytes)} freed`
        : `${formatBytes(bytes)} would be freed: run it again with --yes`
      const { paint } = line.style(color)
      const table = formatColumns(
        [['kind', 'name', 'frees', 'shared', ''], ...entries.map(toRow)],
        paint,
      )
      line.print(entries.length === 0 ? ['nothing to delete'] : [...table, '', sum])
    })
}

interface Pruned {
  readonly deleted: boolean
  readonly entries: readonly PrunableEntry[]
  readonly bytes: number
}

function listAll(home: string): Pruned {
  const entries = listPrunable(home)
  const free = entries.filter(({ inUse }) => inUse === null)
  return { deleted: false, entries, bytes: free.reduce((sum, { bytes }) => sum + bytes, 0) }
}

function deleteAll(home: string): Pruned {
  const { removed, kept, freedBytes } = pruneCache(home)
  return { deleted: true, entries: [...removed, ...kept], bytes: freedBytes }
}

function toRow({ kind, name, bytes, sharedBytes, inUse }: PrunableEntry): readonly string[] {
  const shared = sharedBytes === 0 ? '' : formatBytes(sharedBytes)
  return [kind, name, formatBytes(bytes), shared, inUse === null ? '' : `kept: ${inUse}`]
}
