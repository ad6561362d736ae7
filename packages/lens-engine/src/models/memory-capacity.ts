// All the memory this process could ever have: the machine's, or its control group's where that is smaller.
import { totalmem } from 'node:os'

/** Bytes. */
export function memoryCapacity(): number {
  const limit = process.constrainedMemory()
  return limit > 0 ? Math.min(totalmem(), limit) : totalmem()
}
