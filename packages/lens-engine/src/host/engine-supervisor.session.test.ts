import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { LensRequest } from '../lens/lens-result.js'
import { findPackageRoot } from '../models/home.js'
import { writeRandomGpt2 } from '../testing/index.js'
import type { EngineStage } from './engine-protocol.js'
import { EngineSupervisor } from './engine-supervisor.js'
import type { EngineSupervisorOptions } from './supervisor-options.js'

const root = mkdtempSync(join(tmpdir(), 'imprint-host-'))
const home = join(root, 'home')
const supervisors: EngineSupervisor[] = []
let tiny = ''
let broad = ''

beforeAll(() => {
  if (
    !existsSync(join(findPackageRoot('@imprint/lens-engine')!, 'dist', 'host', 'engine-child.js'))
  )
    throw new Error('the child process is run from dist: build first with `npm run build`')
  tiny = writeRandomGpt2(join(root, 'tiny'), {})
  broad = writeRandomGpt2(join(root, 'broad'), {
    layers: 4,
    width: 256,
    heads: 4,
    contextLength: 256,
    vocabularySize: 5000,
  })
})
afterEach(async () => {
  for (const supervisor of supervisors.splice(0)) {
    const { processId } = supervisor.status()
    await supervisor.dispose()
    expect(supervisor.status().state).toBe('disposed')
    if (processId !== null) expect(isAlive(processId)).toBe(false)
  }
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

function supervise(options: EngineSupervisorOptions = {}): EngineSupervisor {
  const supervisor = new EngineSupervisor({ home, ...options })
  supervisors.push(supervisor)
  return supervisor
}

function isAlive(processId: number): boolean {
  const state = spawnSync('ps', ['-o', 'stat=', '-p', String(processId)], {
    encoding: 'utf8',
  }).stdout.trim()
  return state !== '' && !state.startsWith('Z')
}

const request: LensRequest = { prompt: { ids: [3, 1, 4, 1, 5] }, target: { ids: [9] } }
const short = () => ({ model: tiny, requests: [request], threads: 1 })
/** Several seconds of work: many prompts of full context. */
const long = () => ({
  model: broad,
  threads: 1,
  requests: Array.from({ length: 60 }, (_, index): LensRequest => ({
    prompt: { ids: Array.from({ length: 250 }, (_, position) => (position * 7 + index) % 5000) },
    target: { ids: [index] },
  })),
})

async function whenComputing(supervisor: EngineSupervisor, options: { signal?: AbortSignal } = {}) {
  let result: Promise<unknown> = Promise.resolve()
  await new Promise<void>((resolve) => {
    const onStage = (stage: EngineStage) => stage === 'computing' && resolve()
    result = supervisor.run(long(), { ...options, onStage })
    result.catch(() => {})
  })
  await delay(200)
  return { result }
}

describe('EngineSupervisor', () => {
  it('runs in another process, reports stages in order, and answers typed arrays', async () => {
    const supervisor = supervise()
    const stages: EngineStage[] = []
    const [result] = await supervisor.run(short(), { onStage: (stage) => stages.push(stage) })
    expect(stages[0]).toBe('loading')
    expect(stages.at(-1)).toBe('projecting')
    expect(result!.tokens.map(({ id }) => id)).toEqual([3, 1, 4, 1, 5])
    expect(result!.matrices[0]!.inputNorm).toBeInstanceOf(Float32Array)
    expect(supervisor.status()).toMatchObject({ state: 'idle', runs: 1, crashes: 0, queued: 0 })
    expect(supervisor.status().processId).not.toBe(process.pid)
  })

  it('describes a model, and passes typed errors on without losing the child', async () => {
    const supervisor = supervise()
    expect(await supervisor.describeModel(tiny)).toMatchObject({
      family: 'gpt2',
      layers: 2,
      hasTokenizer: false,
    })
    const { processId } = supervisor.status()
    await expect(supervisor.run({ ...short(), model: 'unheard-of' })).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
    })
    await expect(
      supervisor.run({ ...short(), requests: [{ ...request, prompt: { ids: [999] } }] }),
    ).rejects.toMatchObject({ code: 'TOKEN_OUT_OF_RANGE', details: { id: 999 } })
    await expect(
      supervisor.run({ ...short(), requests: [{ ...request, prompt: { text: 'a' } }] }),
    ).rejects.toMatchObject({ code: 'TOKENIZER_MISSING' })
    expect(supervisor.status()).toMatchObject({ processId, crashes: 0 })
  })

  it('keeps one run at a time and answers them in order', async () => {
    const supervisor = supervise()
    const finished: number[] = []
    const stages: EngineStage[] = []
    const runs = [0, 1, 2].map((index) =>
      supervisor
        .run(
          { ...short(), requests: [{ ...request, target: { ids: [index] } }] },
          { onStage: (stage) => index === 2 && stages.push(stage) },
        )
        .then(([result]) => {
          finished.push(index)
          return result!.target.ranked.id
        }),
    )
    expect(supervisor.status()).toMatchObject({ state: 'running', queued: 2 })
    expect(await Promise.all(runs)).toEqual([0, 1, 2])
    expect(finished).toEqual([0, 1, 2])
    expect(stages[0]).toBe('queued')
  })

  it('gives the same numbers as before after a kill -9 in mid-run, which is ENGINE_CRASHED with its signal', async () => {
    const supervisor = supervise()
    const [before] = await supervisor.run(short())
    const { result } = await whenComputing(supervisor)
    const waiting = supervisor.run(short())
    process.kill(supervisor.status().processId!, 'SIGKILL')
    await expect(result).rejects.toMatchObject({
      code: 'ENGINE_CRASHED',
      details: { signal: 'SIGKILL' },
    })
    const [after] = await waiting
    expect(after!.loss).toBe(before!.loss)
    expect(after!.matrices).toEqual(before!.matrices)
    expect(supervisor.status().crashes).toBe(1)
  })

  it('cancels in mid-run within two seconds, frees the queue, and cancels what waits', async () => {
    const supervisor = supervise()
    const running = new AbortController()
    const { result } = await whenComputing(supervisor, { signal: running.signal })
    const child = supervisor.status().processId!
    const waiting = new AbortController()
    const cancelledInQueue = supervisor.run(short(), { signal: waiting.signal })
    const next = supervisor.run(short())
    waiting.abort()
    await expect(cancelledInQueue).rejects.toMatchObject({ code: 'RUN_CANCELLED' })
    const asked = performance.now()
    running.abort()
    await expect(result).rejects.toMatchObject({ code: 'RUN_CANCELLED' })
    expect(performance.now() - asked).toBeLessThan(2000)
    expect(isAlive(child)).toBe(false)
    expect(await next).toHaveLength(1)
    expect(supervisor.status().crashes).toBe(0)
    await expect(supervisor.run(short(), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'RUN_CANCELLED',
    })
  })

  it('cancels a run whose signal comes in any moment between its start and its computation', async () => {
    const supervisor = supervise()
    await supervisor.start()
    for (let turns = 0; turns < 12; turns++) {
      const cancelling = new AbortController()
      const run = supervisor.run(short(), { signal: cancelling.signal })
      for (let turn = 0; turn < turns; turn++) await Promise.resolve()
      cancelling.abort()
      await expect(run, `after ${turns} turns`).rejects.toMatchObject({ code: 'RUN_CANCELLED' })
    }
  })

  it('ends a run that takes too long', async () => {
    await expect(supervise().run(long(), { timeout: 500 })).rejects.toMatchObject({
      code: 'RUN_CANCELLED',
      message: expect.stringContaining('500 ms'),
    })
  })

  it('ends a run that passes its memory limit as ENGINE_OUT_OF_MEMORY, and serves the next one', async () => {
    const supervisor = supervise({ maximumBytes: 250 * 2 ** 20 })
    await expect(supervisor.run(long())).rejects.toMatchObject({ code: 'ENGINE_OUT_OF_MEMORY' })
    expect(await supervisor.run(short())).toHaveLength(1)
  })

  it('replaces the child after its share of runs', async () => {
    const recycled: (number | undefined)[] = []
    const supervisor = supervise({
      runsPerChild: 2,
      log: (event) => event.type === 'recycled' && recycled.push(event.processId),
    })
    for (let run = 0; run < 4; run++) await supervisor.run(short())
    expect(new Set(recycled).size).toBe(2)
    expect(supervisor.status().crashes).toBe(0)
  })

  it('survives a crash loop: ten kills in a row, each restart later, and then a run', async () => {
    const started: number[] = []
    const supervisor = supervise({
      backOff: 2,
      log: (event) => event.type === 'started' && started.push(event.processId!),
    })
    await supervisor.start()
    for (let kill = 0; kill < 10; kill++) {
      const known = started.length
      process.kill(started.at(-1)!, 'SIGKILL')
      while (started.length === known) await delay(20)
    }
    expect(await supervisor.run(short())).toHaveLength(1)
    expect(supervisor.status().crashes).toBe(10)
    expect(started.filter(isAlive)).toHaveLength(1)
  })

  it('fails what runs and waits when it is shut down, also while the child starts', async () => {
    const supervisor = supervise()
    const { result } = await whenComputing(supervisor)
    const waiting = supervisor.run(short())
    waiting.catch(() => {})
    await supervisor.dispose()
    await expect(result).rejects.toMatchObject({ code: 'RUN_CANCELLED' })
    await expect(waiting).rejects.toMatchObject({ code: 'RUN_CANCELLED' })
    await expect(supervisor.run(short())).rejects.toMatchObject({ code: 'RUN_CANCELLED' })
    const fresh = supervise()
    const starting = fresh.start()
    starting.catch(() => {})
    await fresh.dispose()
    await expect(starting).rejects.toMatchObject({
      code: expect.stringMatching(/RUN_CANCELLED|ENGINE_CRASHED/),
    })
  })
})

describe('the engine process', () => {
  it('dies with a parent that is killed in mid-run', async () => {
    const dist = join(findPackageRoot('@imprint/lens-engine')!, 'dist')
    const script = join(root, 'parent.mjs')
    writeFileSync(
      script,
      `
      import { EngineSupervisor } from ${JSON.stringify(join(dist, 'host', 'engine-supervisor.js'))}
      const supervisor = new EngineSupervisor({ home: ${JSON.stringify(home)} })
      supervisor.run(${JSON.stringify(long())}, { onStage: (stage) => {
        if (stage === 'computing') console.log(supervisor.status().processId)
      } }).catch(() => {})`,
    )
    const parent = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] })
    const child = await new Promise<number>((resolve) =>
      parent.stdout.once('data', (text) => resolve(Number.parseInt(String(text)))),
    )
    expect(isAlive(child)).toBe(true)
    parent.kill('SIGKILL')
    for (let wait = 0; isAlive(child) && wait < 40; wait++) await delay(100)
    expect(isAlive(child)).toBe(false)
  })

  it('answers ENGINE_OUT_OF_MEMORY under a real limit of address space', async () => {
    const dist = join(findPackageRoot('@imprint/lens-engine')!, 'dist')
    const script = join(root, 'limited.mjs')
    const output = join(root, 'limited.json')
    writeFileSync(
      script,
      `
      import { execFileSync } from 'node:child_process'
      import { writeFileSync } from 'node:fs'
      import { EngineSupervisor } from ${JSON.stringify(join(dist, 'host', 'engine-supervisor.js'))}
      const supervisor = new EngineSupervisor({ home: ${JSON.stringify(home)} })
      await supervisor.run(${JSON.stringify(short())})
      const { processId } = supervisor.status()
      const used = Number(/VmSize:\\s+(\\d+)/.exec(execFileSync('cat', ['/proc/' + processId + '/status'], { encoding: 'utf8' }))[1]) * 1024
      execFileSync('prlimit', ['--pid', String(processId), '--as=' + (used + 40 * 2 ** 20)])
      const error = await supervisor.run(${JSON.stringify(long())}).catch((error) => error)
      const again = await supervisor.run(${JSON.stringify(short())})
      writeFileSync(${JSON.stringify(output)}, JSON.stringify({ error: error.toJSON?.() ?? String(error), again: again.length }))
      await supervisor.dispose()`,
    )
    const { status } = spawnSync(process.execPath, [script], { stdio: 'inherit' })
    expect(status).toBe(0)
    const { error, again } = JSON.parse(readFileSync(output, 'utf8')) as {
      error: { code: string }
      again: number
    }
    expect(error).toMatchObject({ code: 'ENGINE_OUT_OF_MEMORY' })
    expect(again).toBe(1)
  })
})
