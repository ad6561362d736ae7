// Brings models in through a process of their own, so that a worker goes on answering while one is hashed or converted.
import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Logger } from '../logger.js'
import type {
  ImportFailure,
  ImportOrder,
  ImportProgress,
  ImportReply,
  ImportTask,
  ImportedModel,
} from './import-protocol.js'
import { yieldToOthers } from './yield-to-others.js'

export interface ImportJob {
  readonly task: ImportTask
  /** Aborting ends the import within two seconds; what a download has brought stays for the next attempt. */
  readonly signal: AbortSignal
  readonly onProgress: (progress: ImportProgress) => void
  readonly onNote: (sentence: string) => void
}

export interface ImportHost {
  /** @throws ImportEnded */
  run(job: ImportJob): Promise<ImportedModel>
}

/** Why an import ended without a model. */
export class ImportEnded extends Error {
  override readonly name = 'ImportEnded'
  readonly failure: ImportFailure

  constructor(failure: ImportFailure) {
    super(failure.message)
    this.failure = failure
  }
}

/** Milliseconds a process has to stop by itself before it is ended. */
const patience = 1_000

export function createImportHost(logger: Logger): ImportHost {
  return { run: (job) => runInProcess(job, logger) }
}

function runInProcess(job: ImportJob, logger: Logger): Promise<ImportedModel> {
  const child = startChild()
  yieldToOthers(child.pid)
  const give = (order: ImportOrder): void => void child.send(order, () => undefined)
  const stop = (): void => {
    give({ type: 'stop' })
    setTimeout(() => child.kill('SIGKILL'), patience).unref()
  }
  if (job.signal.aborted) stop()
  job.signal.addEventListener('abort', stop, { once: true })
  return new Promise<ImportedModel>((resolve, reject) => {
    let answer: ImportReply | null = null
    child.on('message', (reply: ImportReply) => {
      if (reply.type === 'ready') give({ type: 'begin', task: job.task })
      else if (reply.type === 'progress') job.onProgress(reply.progress)
      else if (reply.type === 'note') job.onNote(reply.sentence)
      else answer = reply
    })
    child.once('error', (error) => reject(error))
    child.once('close', (code, signal) => {
      if (answer?.type === 'done') return resolve(answer.model)
      const said = answer?.type === 'failed' ? answer : null
      if (said !== null && said.failure === null)
        logger.error({ trace: said.trace }, 'import failed')
      reject(new ImportEnded(said?.failure ?? describeEnd(code, signal)))
    })
  }).finally(() => job.signal.removeEventListener('abort', stop))
}

function startChild(): ChildProcess {
  return fork(childScript(), [], {
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: { ...process.env, NODE_OPTIONS: '' },
  })
}

/** The built child, also when this file runs from the sources. */
function childScript(): string {
  const beside = fileURLToPath(new URL('./import-child.js', import.meta.url))
  if (existsSync(beside)) return beside
  return fileURLToPath(new URL('../../dist/engine/import-child.js', import.meta.url))
}

function describeEnd(code: number | null, signal: NodeJS.Signals | null): ImportFailure {
  const how = signal === null ? `exit code ${code}` : `signal ${signal}`
  return {
    code: 'IMPORT_CRASHED',
    message: `the process that brought the model in ended (${how})`,
    cure: 'Try again: what has arrived is kept. If it ends the same way, the server may be short of memory.',
  }
}
