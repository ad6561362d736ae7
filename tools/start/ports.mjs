// Refuses to start on ports that other programs use, naming them and how to change them.
import { isPortFree } from '../postgres/ports.mjs'

/** @param {readonly { port: number, purpose: string, variable: string }[]} wanted */
export async function checkPorts(wanted) {
  const busy = []
  for (const entry of wanted) if (!(await isPortFree(entry.port))) busy.push(entry)
  if (busy.length === 0) return
  const lines = busy.map(({ port, purpose, variable }) => busyPortMessage(port, purpose, variable))
  throw new Error(lines.join('\n'))
}

export function busyPortMessage(port, purpose, variable) {
  return `Port ${port} is busy, and ${purpose} needs it. Free it, or choose another: ${variable}=${port + 1} npm start`
}
