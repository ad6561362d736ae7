// A process that reads an order a line and answers a line.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import readline from 'node:readline'

export class Contestant {
  /** Resolves once the process has loaded its model. */
  static async start(name, program, args, environment = {}) {
    const contestant = new Contestant(name, program, args, environment)
    contestant.versions = (await contestant.#read()).versions
    return contestant
  }

  constructor(name, program, args, environment) {
    this.name = name
    this.process = spawn(program, args, {
      env: { ...process.env, ...environment },
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    this.lines = readline.createInterface({ input: this.process.stdout })[Symbol.asyncIterator]()
  }

  /** The next line that is an answer; libraries may print others. */
  async #read() {
    for (;;) {
      const { value, done } = await this.lines.next()
      if (done) throw new Error(`${this.name} ended with ${this.process.exitCode}`)
      if (value.startsWith('{')) return JSON.parse(value)
    }
  }

  run(order) {
    this.process.stdin.write(`${JSON.stringify(order)}\n`)
    return this.#read()
  }

  async close() {
    if (this.process.exitCode !== null) return
    this.process.stdin.end()
    await once(this.process, 'exit')
  }
}

/** Runs `use` with the contestants that there are, and ends them whatever happens. */
export async function withContestants(makers, use) {
  const started = []
  try {
    for (const make of makers) started.push(await make())
    return await use(...started)
  } finally {
    for (const one of started) await one?.close()
  }
}
