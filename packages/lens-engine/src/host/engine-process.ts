// One child process of the engine: started, spoken to, watched and ended.
import { fork, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { LensEngineError } from '../errors.js'
import { findPackageRoot } from '../models/home.js'
import type { EngineMessage, EngineReply } from './engine-protocol.js'
import { parentVariable } from './engine-protocol.js'
import type { EngineExit } from './explain-exit.js'
import { countKernelKills, residentBytes } from './process-memory.js'

export interface EngineProcessOptions {
  readonly home: string
  /** Resident bytes above which the process is ended. */
  readonly maximumBytes: number
}

const STDERR_CHARACTERS = 4000
const MEMORY_WATCH_MILLISECONDS = 200

export class EngineProcess {
  /** Settles when the process says it is ready; false when it ended before. */
  readonly ready: Promise<boolean>
  /** Resolves, and never rejects, when the process is gone. */
  readonly gone: Promise<EngineExit>
  onReply: (reply: EngineReply) => void = () => {}
  readonly #child: ChildProcess
  readonly #killsBefore = countKernelKills()
  #stderr = ''
  #exceededBytes: number | null = null
  #alive = true
  #told = false

  constructor(options: EngineProcessOptions) {
    this.#child = fork(findChildScript(), [], {
      serialization: 'advanced',
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        IMPRINT_HOME: options.home,
        [parentVariable]: String(process.pid),
      },
    })
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_CHARACTERS)
    })
    this.gone = this.#watchExit()
    this.ready = this.#watchReplies()
    this.#watchMemory(options.maximumBytes)
  }

  get id(): number | undefined {
    return this.#child.pid
  }

  get alive(): boolean {
    return this.#alive
  }

  /** Whether it was ended on purpose. */
  get told(): boolean {
    return this.#told
  }

  /** Resident bytes; null when it is gone or the system does not tell. */
  residentBytes(): number | null {
    return this.#alive && this.id !== undefined ? residentBytes(this.id) : null
  }

  send(message: EngineMessage): void {
    // A failed send means that the process is going; `gone` tells the rest.
    this.#child.send(message, () => {})
  }

  /** Ends the process at once, whatever it computes, and waits until it is gone. */
  async end(): Promise<void> {
    this.endNow()
    await this.gone
  }

  /** As `end`, without waiting. */
  endNow(): void {
    this.#told = true
    this.#kill()
  }

  #kill(): void {
    if (this.#alive) this.#child.kill('SIGKILL')
  }

  #watchExit(): Promise<EngineExit> {
    return new Promise((resolve) => {
      const settle = (code: number | null, signal: NodeJS.Signals | null) => {
        this.#alive = false
        resolve({
          code,
          signal,
          stderr: this.#stderr,
          kernelKilled: this.#killsBefore !== null && countKernelKills() !== this.#killsBefore,
          exceededBytes: this.#exceededBytes,
        })
      }
      // `close` follows `exit` once the error stream has been read to its end.
      this.#child.once('close', settle)
      this.#child.once('error', (error) => {
        this.#stderr += error.message
        if (this.id === undefined) settle(null, null)
      })
    })
  }

  #watchReplies(): Promise<boolean> {
    return new Promise((resolve) => {
      this.#child.on('message', (reply: EngineReply) => {
        if (reply.type === 'ready') resolve(true)
        else this.onReply(reply)
      })
      void this.gone.then(() => resolve(false))
    })
  }

  #watchMemory(maximumBytes: number): void {
    const timer = setInterval(() => {
      if ((this.residentBytes() ?? 0) <= maximumBytes) return
      this.#exceededBytes = maximumBytes
      this.#kill()
    }, MEMORY_WATCH_MILLISECONDS)
    timer.unref()
    void this.gone.then(() => clearInterval(timer))
  }
}

/** The built child, also when this file runs from the sources. */
function findChildScript(): string {
  const script = join(
    findPackageRoot('@imprint/lens-engine') ?? '.',
    'dist',
    'host',
    'engine-child.js',
  )
  if (existsSync(script)) return script
  throw new LensEngineError('ENGINE_UNAVAILABLE', `the engine is not built: ${script} is absent`, {
    details: { file: script },
    cure: 'Build it: `npm run build`.',
  })
}
