// The process that brings one model into the store: hashing and converting block whoever does them.
import { Worker } from 'node:worker_threads'
import { LensEngineError, addModel, describeModel, downloadModel } from '@imprint/lens-engine'
import type { ModelDirectory } from '@imprint/lens-engine'
import type { ImportOrder, ImportReply, ImportTask } from './import-protocol.js'

const stop = new AbortController()

function send(reply: ImportReply): void {
  if (process.connected) process.send?.(reply)
}

async function bringIn({ source, name, home }: ImportTask): Promise<ModelDirectory> {
  if (source.kind === 'hub')
    return downloadModel(source, {
      ...{ name, home, signal: stop.signal },
      onProgress: (progress) => send({ type: 'progress', progress }),
      onNote: (sentence) => send({ type: 'note', sentence }),
    })
  const nothing = { file: null, fileIndex: 0, files: 0, receivedBytes: 0, totalBytes: 0 }
  const progress = { ...nothing, bytesPerSecond: null, secondsLeft: null }
  send({ type: 'progress', progress: { stage: 'importing', ...progress } })
  return addModel(source.path, { home, name })
}

async function begin(task: ImportTask): Promise<void> {
  try {
    const files = await bringIn(task)
    const description = describeModel(files)
    send({ type: 'done', model: { directory: files.directory, description } })
  } catch (error) {
    const known = error instanceof LensEngineError
    const failure = known ? { code: error.code, message: error.message, cure: error.cure } : null
    const trace = error instanceof Error ? (error.stack ?? error.message) : String(error)
    send({ type: 'failed', failure, trace: trace.slice(0, 4_000) })
  }
  process.disconnect()
}

// A busy main thread never sees its parent go, so a second thread watches for it.
new Worker(new URL('./parent-watch.js', import.meta.url), {
  workerData: { parent: process.ppid },
}).unref()
process.on('disconnect', () => process.exit(0))
process.on('message', (order: ImportOrder) => {
  if (order.type === 'stop') stop.abort()
  else void begin(order.task)
})
send({ type: 'ready' })
