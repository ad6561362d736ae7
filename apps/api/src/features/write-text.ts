// Text -> an answer, as fast as its reader reads: what nobody takes yet is waited for instead of kept in memory.
import type { Writable } from 'node:stream'

/** Resolves when more may be written, or when the reader has gone away (`destroyed`); leaves no listener behind. */
export async function writeText(answer: Writable, text: string): Promise<void> {
  if (answer.destroyed || answer.write(text) || answer.destroyed) return
  await new Promise<void>((resolve) => {
    const go = (): void => {
      answer.off('drain', go)
      answer.off('close', go)
      resolve()
    }
    answer.on('drain', go)
    answer.on('close', go)
  })
}
