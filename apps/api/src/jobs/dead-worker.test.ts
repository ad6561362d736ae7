// Leases of workers that died on this machine, on a real database with real processes.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import os from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApi } from '../testing/test-api.js'
import type { TestApi } from '../testing/test-api.js'
import { DeadWorkerRepository } from './dead-worker.repository.js'
import { RunLeaseRepository } from './run-lease.repository.js'
import { isDeadHere, newWorkerId } from './worker-identity.js'
import { WorkerRepository } from './worker.repository.js'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.stop())

const own = newWorkerId()
const [machine, , place] = own.split(':') as [string, string, string]

/** The name of a worker that was a process and has ended. */
async function deadWorker(): Promise<string> {
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'exit')
  return `${machine}:${child.pid}:${place}`
}

const claimRun = async (owner: string) => {
  const values = { modelId: api.modelId, promptText: 'abc', targetText: 'd' }
  const { id } = await api.services.lensRuns.create(api.viewer, values)
  const claimed = await new RunLeaseRepository(api.database).claim(owner)
  expect(claimed?.id).toBe(id)
  return id
}

describe('whether a worker is dead', () => {
  it('is known for processes of this machine and this namespace only', async () => {
    const dead = await deadWorker()
    expect(isDeadHere(dead)).toBe(true)
    expect(isDeadHere(own)).toBe(false)
    expect(isDeadHere(dead.replace(`${os.hostname()}:`, 'elsewhere:'))).toBe(false)
    expect(isDeadHere(dead.replace(place, `00000000-${place.slice(9)}`))).toBe(false)
    expect(isDeadHere(dead.replace(place, 'abc'))).toBe(false)
    expect(isDeadHere('worker-a')).toBe(false)
  })
})

describe('leases of the dead', () => {
  it('are free at once, those of the living stay, and the dead leave the list', async () => {
    const dead = await deadWorker()
    const workers = new WorkerRepository(api.database)
    await workers.reportAlive(dead)
    await workers.reportAlive(own)
    const left = await claimRun(dead)
    const kept = await claimRun(own)
    const leases = new RunLeaseRepository(api.database)
    expect(await leases.claim('next')).toBeNull()
    expect(await new DeadWorkerRepository(api.database).releaseLeases()).toEqual([dead])
    expect(await workers.countAlive()).toBe(1)
    expect(await leases.claim('next')).toMatchObject({ id: left, leaseEpoch: 2, attempt: 2 })
    expect(await leases.claim('next')).toBeNull()
    expect(await leases.holds({ id: kept, leaseEpoch: 1 })).toBe(true)
    expect(await new DeadWorkerRepository(api.database).releaseLeases()).toEqual([])
  })
})
