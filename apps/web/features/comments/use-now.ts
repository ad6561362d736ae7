// The time, moving on twice a minute, for ages of what is on the page.
import { useSyncExternalStore } from 'react'

const EVERY_MS = 30_000

let now = 0
let timer: ReturnType<typeof setInterval> | null = null
const listeners = new Set<() => void>()

function tick(): void {
  now = Date.now()
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  if (!timer) timer = setInterval(tick, EVERY_MS)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0 || !timer) return
    clearInterval(timer)
    timer = null
  }
}

function read(): number {
  if (Date.now() - now > EVERY_MS) now = Date.now()
  return now
}

export const useNow = (): number => useSyncExternalStore(subscribe, read, () => 0)
