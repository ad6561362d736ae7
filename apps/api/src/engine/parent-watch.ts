// A thread that ends its process when the process that started it is gone, even while the main thread is busy.
import { workerData } from 'node:worker_threads'

const watchMilliseconds = 250

const { parent } = workerData as { readonly parent: number }

setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL')
}, watchMilliseconds)
