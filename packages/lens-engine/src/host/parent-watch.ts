// A thread of the engine's child process that ends the process when its parent is gone, even while the runtime computes.
import { workerData } from 'node:worker_threads'

const WATCH_MILLISECONDS = 250

const { parent } = workerData as { readonly parent: number }

setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL')
}, WATCH_MILLISECONDS)
