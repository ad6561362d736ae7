// Finds processes that a test run started and forgot: they name the run's own temporary directory.
import { readdirSync, readFileSync } from 'node:fs'

function readProcessFile(pid, name) {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8').replaceAll('\0', ' ').trim()
  } catch {
    return ''
  }
}

/** Processes whose command line or environment names the directory, as { pid, command }. Linux only; empty elsewhere. */
export function findLeftovers(directory) {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((pid) => ({ pid: Number(pid), command: readProcessFile(pid, 'cmdline') }))
    .filter(({ command }) => command !== '')
    .filter(
      ({ pid, command }) =>
        command.includes(directory) || readProcessFile(pid, 'environ').includes(directory),
    )
}

/** Ends what was left, so that a failed run does not disturb the next one. */
export function endLeftovers(leftovers) {
  for (const { pid } of leftovers) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // it ended by itself in the meantime
    }
  }
}
