import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeTinyModel } from '../engine/testing/tiny-model.js'
import { startLocalHub } from '../testing/local-hub.js'
import type { LocalHub } from '../testing/local-hub.js'
import { createScriptedEngine } from '../testing/scripted-engine.js'
import { eventually, startTestApi } from '../testing/test-api.js'
import type { TestApi } from '../testing/test-api.js'

const token = 'hf_thisIsASecretOfTheServer'
const workerScript = fileURLToPath(new URL('../../dist/worker-main.js', import.meta.url))

let api: TestApi
let hub: LocalHub
let sources: string
const environmentBefore = { ...process.env }
const children: ChildProcess[] = []
beforeAll(async () => {
  api = await startTestApi()
  hub = await startLocalHub()
  sources = mkdtempSync(path.join(os.tmpdir(), 'imprint-hub-'))
  process.env['HF_ENDPOINT'] = hub.url
  process.env['HF_TOKEN'] = token
})
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  process.env = environmentBefore
  await api.stop()
  await hub.stop()
  rmSync(sources, { recursive: true, force: true })
})

/** A model of about 300 kB on the hub. */
function publish(name: string, more: { pace?: number; cutOffAt?: number; status?: number } = {}) {
  const directory = writeTinyModel(sources, { width: 64, layers: 1 }, name)
  const repository = { directory, ...more }
  hub.repositories.set(`owner/${name}`, repository)
  return repository
}

const add = async (name: string) =>
  (await api.services.modelImports.add(api.viewer, { source: `hf:owner/${name}` })).id
const rowOf = (id: string) => api.database.prisma.modelImport.findUniqueOrThrow({ where: { id } })
const ended = (id: string) =>
  eventually(
    () => rowOf(id),
    ({ state }) => !['QUEUED', 'RUNNING'].includes(state),
    40_000,
  )
const arriving = (id: string) =>
  eventually(
    () => rowOf(id),
    ({ receivedBytes }) => Number(receivedBytes) > 20_000,
  )

describe('a model of a hub, with the real engine', () => {
  it('waits for no run and is taken over with what has arrived when its worker is killed', async () => {
    const repository = publish('taken-over', { pace: 40_000 })
    const first = startWorkerProgram()
    const id = await add('taken-over')
    const { leaseOwner } = await arriving(id)
    expect(leaseOwner).toContain(`:${first.pid}:`)
    const importer = childrenOf(first.pid as number, 'import-child')
    expect(importer).toHaveLength(1)
    first.kill('SIGKILL')
    await eventually(
      async () => importer.filter(isAlive),
      (alive) => alive.length === 0,
      3_000,
    )
    const before = Number((await rowOf(id)).receivedBytes)
    await api.database.pool.query(
      `UPDATE model_import SET lease_until = now() - interval '1 s' WHERE id = $1`,
      [id],
    )
    delete repository.pace
    const worker = await api.startWorker(createScriptedEngine())
    expect(await ended(id)).toMatchObject({
      ...{ state: 'DONE', attempt: 2 },
      error: { code: 'WORKER_LOST', retried: true },
    })
    const ranges = hub.requests
      .filter((one) => one.path.endsWith('model.safetensors') && one.range !== undefined)
      .map((one) => Number(/\d+/.exec(one.range ?? '')?.[0]))
    expect(Math.max(...ranges)).toBeGreaterThan(0)
    expect(Math.max(...ranges)).toBeLessThanOrEqual(before + 200_000)
    await worker.stop()
  }, 90_000)

  it('shows bytes, rate and time left while they arrive, and mends a cut connection', async () => {
    publish('watched', { pace: 100_000, cutOffAt: 50_000 })
    const worker = await api.startWorker(createScriptedEngine())
    const id = await add('watched')
    const seen = []
    for await (const step of api.services.importProgress.follow(api.viewer, id, null))
      seen.push(step)
    const arrived = seen.filter(({ stage }) => stage === 'DOWNLOADING')
    expect(new Set(seen.map(({ stage }) => stage))).toContain('RESOLVING')
    expect(arrived.length).toBeGreaterThan(2)
    const received = arrived.map(({ receivedBytes }) => receivedBytes ?? 0)
    expect(received).toEqual([...received].sort((a, b) => a - b))
    expect(arrived.some(({ secondsLeft }) => (secondsLeft ?? 0) > 0)).toBe(true)
    expect(arrived.some(({ bytesPerSecond }) => (bytesPerSecond ?? 0) > 1_000)).toBe(true)
    expect(arrived.at(-1)).toMatchObject({ file: 'model.safetensors', fileCount: 3 })
    expect(seen.at(-1)).toMatchObject({ state: 'DONE', stage: 'DONE', secondsLeft: null })
    await worker.stop()
  }, 60_000)

  it('ends within two seconds of a cancel, and a retry goes on from there', async () => {
    const repository = publish('cancelled', { pace: 40_000 })
    const worker = await api.startWorker(createScriptedEngine())
    const id = await add('cancelled')
    await arriving(id)
    const importer = childrenOf(process.pid, 'import-child')
    expect(importer).toHaveLength(1)
    const started = Date.now()
    await api.services.modelImports.cancel(api.viewer, id)
    await eventually(
      async () => importer.filter(isAlive),
      (alive) => alive.length === 0,
    )
    expect(Date.now() - started).toBeLessThan(2_000)
    expect(await rowOf(id)).toMatchObject({ state: 'CANCELLED', leaseOwner: null })
    delete repository.pace
    hub.requests.length = 0
    await api.services.modelImports.retry(api.viewer, id)
    expect(await ended(id)).toMatchObject({ state: 'DONE', attempt: 1, error: null })
    const again = hub.requests.filter((one) => one.path.endsWith('model.safetensors'))
    expect(again[0]?.range).toMatch(/^bytes=[1-9]\d*-$/)
    await worker.stop()
  }, 60_000)

  it('is given back by a worker that is told to stop, and the attempt is not counted', async () => {
    const repository = publish('given-back', { pace: 40_000 })
    const worker = await api.startWorker(createScriptedEngine())
    const id = await add('given-back')
    await arriving(id)
    await worker.stop()
    expect(await rowOf(id)).toMatchObject({ state: 'QUEUED', attempt: 0, leaseOwner: null })
    delete repository.pace
    const next = await api.startWorker(createScriptedEngine())
    expect(await ended(id)).toMatchObject({ state: 'DONE', attempt: 1 })
    await next.stop()
  }, 60_000)

  it('keeps the worker answering: a run is computed while a model arrives', async () => {
    const repository = publish('slow', { pace: 20_000 })
    const worker = await api.startWorker(createScriptedEngine())
    const id = await add('slow')
    await arriving(id)
    const run = await api.services.lensRuns.create(api.viewer, {
      ...{ modelId: api.modelId, promptText: 'abc', targetText: 'd' },
    })
    await eventually(
      () => api.database.prisma.lensRun.findUniqueOrThrow({ where: { id: run.id } }),
      ({ state }) => state === 'DONE',
    )
    expect((await rowOf(id)).state).toBe('RUNNING')
    delete repository.pace
    await api.services.modelImports.cancel(api.viewer, id)
    await worker.stop()
  }, 60_000)

  it('says which of its requests was refused, and what to do', async () => {
    publish('closed', { status: 403 })
    const worker = await api.startWorker(createScriptedEngine())
    const expected = { closed: 'HUB_ACCESS_DENIED', unknown: 'HUB_NOT_FOUND' }
    for (const [name, code] of Object.entries(expected)) {
      const { state, error } = await ended(await add(name))
      expect(state).toBe('FAILED')
      expect(error).toMatchObject({ code, attempt: 1, retried: false })
      expect((error as { cure: string }).cure).not.toBe('')
    }
    await worker.stop()
  }, 60_000)

  it('never writes the token down, though the hub was given it', async () => {
    expect(hub.requests.some((one) => one.token === `Bearer ${token}`)).toBe(true)
    const { rows: columns } = await api.database.pool.query<{ t: string; c: string }>(
      `SELECT table_schema || '."' || table_name || '"' AS t, column_name AS c FROM information_schema.columns
       WHERE table_schema IN ('public', 'graphile_worker')`,
    )
    for (const { t, c } of columns) {
      const { rows } = await api.database.pool.query(
        `SELECT 1 FROM ${t} WHERE "${c}"::text LIKE '%' || $1 || '%'`,
        [token],
      )
      expect(rows, `${t}.${c}`).toEqual([])
    }
    const files = readdirSync(api.environment.home, { recursive: true, withFileTypes: true })
    for (const file of files.filter((one) => one.isFile() && !one.name.endsWith('.safetensors')))
      expect(readFileSync(path.join(file.parentPath, file.name), 'utf8')).not.toContain(token)
  })
})

function startWorkerProgram(): ChildProcess {
  const { databaseUrl, home } = api.environment
  const env = { ...process.env, DATABASE_URL: databaseUrl, IMPRINT_HOME: home }
  const child = spawn(process.execPath, [workerScript], { env, stdio: 'ignore' })
  children.push(child)
  return child
}

/** Ids of a process's children whose command holds a word. */
function childrenOf(parent: number, word: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const status = readFileSync(`/proc/${pid}/status`, 'utf8')
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        return Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]) === parent && command.includes(word)
      } catch {
        return false
      }
    })
}

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
