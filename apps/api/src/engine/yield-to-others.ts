// Lets a process that takes every core it can get stand back behind those that answer pages and queries.
import os from 'node:os'

export function yieldToOthers(processId: number | undefined): void {
  try {
    if (processId !== undefined)
      os.setPriority(processId, os.constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // It ended already, or this system does not let us: what it computes is right either way.
  }
}
