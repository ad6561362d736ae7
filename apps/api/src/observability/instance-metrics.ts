// Gauges that are read at the moment somebody asks for the metrics: queue, pool, sockets, engine.
import { Gauge, Registry, collectDefaultMetrics } from 'prom-client'
import type { Database } from '../database/index.js'
import { cached } from './answer-cache.js'
import { processRegistry } from './process-metrics.js'
import { QueueDepthRepository } from './queue-depth.repository.js'

/** Milliseconds for which a count of the queue is good enough. */
const queueFreshness = 5_000
let processWatched = false

/** Processor time, memory, garbage collection and event-loop lag of this process, from the first call on. */
function watchProcess(): void {
  if (processWatched) return
  processWatched = true
  collectDefaultMetrics({ register: processRegistry })
}

/** The registry of one server or worker; `textOf` adds what is counted for the whole process. */
export function createRegistry(): Registry {
  watchProcess()
  return new Registry()
}

export function textOf(registry: Registry): Promise<string> {
  return Registry.merge([processRegistry, registry]).metrics()
}

/** Depth of the queue and the workers' own speed, from SQL. A database that does not answer leaves them out. */
export function addQueueMetrics(registry: Registry, database: Database): void {
  const queue = new QueueDepthRepository(database)
  const counts = cached(() => queue.read(), queueFreshness)
  const rate = cached(() => queue.casesPerSecond(), queueFreshness)
  const depth = new Gauge({
    name: 'imprint_queue_depth',
    help: 'What waits for a worker or is being worked on, by kind; counted at most every 5 s',
    labelNames: ['kind', 'state'] as const,
    registers: [registry],
    collect: async () => {
      depth.reset()
      const found = await counts().catch(() => [])
      for (const { kind, state, count } of found) depth.set({ kind, state }, count)
    },
  })
  const cases: Gauge = new Gauge({
    name: 'imprint_cases_per_second',
    help: 'Cases of evaluations that all workers alive compute in a second, as they say',
    registers: [registry],
    collect: async () => cases.set(await rate().catch(() => Number.NaN)),
  })
}

export function addPoolMetrics(registry: Registry, { pool }: Database): void {
  const gauge = new Gauge({
    name: 'imprint_database_connections',
    help: 'Connections of the pool that are in use or idle, callers that wait for one, and the limit',
    labelNames: ['state'] as const,
    registers: [registry],
    collect: () => {
      gauge.set({ state: 'used' }, pool.totalCount - pool.idleCount)
      gauge.set({ state: 'idle' }, pool.idleCount)
      gauge.set({ state: 'waiting' }, pool.waitingCount)
      gauge.set({ state: 'limit' }, pool.options.max)
    },
  })
}

export interface EngineState {
  readonly provider: string
  readonly residentBytes: number | null
}

export function addEngineMetrics(registry: Registry, engines: () => readonly EngineState[]): void {
  const labelNames = ['provider'] as const
  const memory = new Gauge({
    name: 'imprint_engine_resident_bytes',
    help: 'Resident memory of the process that computes, by provider',
    ...{ labelNames, registers: [registry] },
    collect: () => {
      memory.reset()
      for (const { provider, residentBytes } of engines())
        memory.set({ provider }, residentBytes ?? 0)
    },
  })
}

export interface OpenSockets {
  /** WebSockets that are open. */
  readonly sockets: number
  /** Operations that are served over them. */
  readonly subscriptions: number
}

export function addSocketMetrics(registry: Registry, open: () => OpenSockets): void {
  const registers = [registry]
  const sockets: Gauge = new Gauge({
    ...{ name: 'imprint_websockets', help: 'Open WebSockets', registers },
    collect: () => sockets.set(open().sockets),
  })
  const subscriptions: Gauge = new Gauge({
    ...{ name: 'imprint_subscriptions', help: 'Subscriptions that are being served', registers },
    collect: () => subscriptions.set(open().subscriptions),
  })
}
