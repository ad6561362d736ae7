// Everything a worker process does: answers the doorbell, polls for what the doorbell missed, says that it is alive.
import { openDatabase, openRunNotifications } from '../database/index.js'
import type { Database, RunNotifications } from '../database/index.js'
import type { EngineHost } from '../engine/engine-host.js'
import { LocalModels } from '../engine/local-models.js'
import { createImportHost } from '../engine/import-host.js'
import type { ImportHost } from '../engine/import-host.js'
import { ServerPaths } from '../engine/server-paths.js'
import type { Environment } from '../env.js'
import { EditContentRepository } from '../features/edit/edit-content.repository.js'
import { LensResultRepository } from '../features/lens-run/lens-result.repository.js'
import { VectorCache } from '../features/vector-file/vector-cache.js'
import { VectorFileRepository } from '../features/vector-file/vector-file.repository.js'
import type { Logger } from '../logger.js'
import type { EngineState } from '../observability/instance-metrics.js'
import { startWorkerStatusServer } from '../observability/worker-status-server.js'
import type { WorkerStatusServer } from '../observability/worker-status-server.js'
import { DeadWorkerRepository } from './dead-worker.repository.js'
import { StatisticsPool } from '../statistics/statistics-pool.js'
import { answerDoorbell, prepareDoorbell } from './doorbell.js'
import { EditJobs } from './edit-jobs.js'
import { EditLeaseRepository } from './edit-lease.repository.js'
import { EditResultRepository } from './edit-result.repository.js'
import { EngineHealth } from './engine-health.js'
import type { RestTimes } from './engine-health.js'
import { EvaluationJobs } from './evaluation-jobs.js'
import { EvaluationLeaseRepository } from './evaluation-lease.repository.js'
import { EvaluationRowRepository } from './evaluation-row.repository.js'
import { FigureJobs } from './figure-jobs.js'
import { FigureLeaseRepository } from './figure-lease.repository.js'
import { InterferenceJobs } from './interference-jobs.js'
import { InterferenceLeaseRepository } from './interference-lease.repository.js'
import { ImportLeaseRepository } from './import-lease.repository.js'
import { ImportWorker } from './import-worker.js'
import { KnownAnswersRepository } from './known-answers.repository.js'
import type { LeaseTimes } from './lease-keeper.js'
import { NeuronEditJobs } from './neuron-edit-jobs.js'
import { NeuronEditsRepository } from './neuron-edits.repository.js'
import { NeuronJobs } from './neuron-jobs.js'
import { NeuronLeaseRepository } from './neuron-lease.repository.js'
import { NeuronResultRepository } from './neuron-result.repository.js'
import { ProgressWriter } from './progress-writer.js'
import { RunLeaseRepository } from './run-lease.repository.js'
import { RunWorker } from './run-worker.js'
import { SliceJobs } from './slice-jobs.js'
import type { SliceJobsParts } from './slice-jobs.js'
import { SliceLeaseRepository } from './slice-lease.repository.js'
import { VectorJobs } from './vector-jobs.js'
import { WorkerActivity } from './worker-activity.js'
import { newWorkerId } from './worker-identity.js'
import { WorkerPresence } from './worker-presence.js'
import { WorkerRepository } from './worker.repository.js'

export interface WorkerProcessParts {
  readonly environment: Pick<
    Environment,
    'databaseUrl' | 'home' | 'vectorCacheBytes' | 'modelDirectories' | 'metrics'
  >
  readonly engine: EngineHost
  /** How models are brought in; in a process of their own when absent. */
  readonly imports?: ImportHost
  readonly logger: Logger
  readonly leaseSeconds?: number
  readonly leaseTimes?: LeaseTimes
  readonly pollInterval?: number
  /** How long it rests when its engine does not start. */
  readonly restTimes?: RestTimes
}

const aliveInterval = 10_000
/** What a worker does is told at changes, but not more often than this. */
const statusInterval = 1_000
/** How often answers that are kept for a day are looked through. */
const forgetInterval = 600_000
/** Writing a large result may take its time; frozen in mid-transaction it must not keep others from the rows it locked. */
const databaseTimes = { statementTimeout: 60_000, idleInTransaction: 15_000 }
/** An expired lease or a missed ring is found this soon. */
const defaultPollInterval = 2_000

export interface WorkerProcess {
  readonly id: string
  stop(): Promise<void>
}

export async function startWorkerProcess(parts: WorkerProcessParts): Promise<WorkerProcess> {
  const { environment } = parts
  const id = newWorkerId()
  const logger = parts.logger.child({ workerId: id })
  const onError = (error: Error): void => logger.warn({ err: error }, 'database connection lost')
  const database = openDatabase({
    ...{ url: environment.databaseUrl, connections: 5, onIdleError: onError },
    ...databaseTimes,
  })
  const notifications = openRunNotifications(environment.databaseUrl, onError)
  const stumbled = (error: unknown): void => logger.warn({ err: error }, 'the loop stumbled')
  const status = await startStatus({ ...parts, logger }, database)
  // What is told late is what holds then.
  const tellNow = (): Promise<void> => presence.tell()
  const told = new ProgressWriter<'changed'>(tellNow, statusInterval)
  const activity = new WorkerActivity(() => told.offer('changed', 'status'), tellNow)
  const presence = createPresence(id, database, activity)
  const health = createHealth(parts, { activity, logger, stumbled })
  const engine = health.watch(activity.watch(parts.engine))
  const watched = { ...parts, logger, engine }
  const { worker, importer, editLeases } = createWorkers(id, watched, {
    ...{ database, notifications, activity, health },
  })
  const ring = (): Promise<void> => worker.drain().catch(stumbled)
  const ringImport = (): void => void importer.drain().catch(stumbled)
  await prepareDoorbell(environment.databaseUrl, logger)
  await database.prisma
    .$executeRaw`SELECT search.ensure_token_hit_month(now()), search.ensure_token_hit_month(now() + interval '1 month')`
  await tellNow()
  void presence.reportDevices(engine, logger)
  const doorbell = await answerDoorbell(environment.databaseUrl, logger, { ring, ringImport })
  const reportAlive = (): void => void tellNow().catch(stumbled)
  const dead = new DeadWorkerRepository(database)
  const look = (): void => {
    void lookAround(dead, presence, logger).catch(stumbled).then(ring)
    ringImport()
  }
  const forget = (): void => void editLeases.removeExpired().catch(stumbled)
  forget()
  const timers = [
    setInterval(look, parts.pollInterval ?? defaultPollInterval),
    setInterval(reportAlive, aliveInterval),
    setInterval(forget, forgetInterval),
  ]
  look()
  logger.info({ id }, 'worker ready')
  const end = async (): Promise<void> => {
    timers.forEach(clearInterval)
    await Promise.all([worker.stop(), importer.stop()])
    await doorbell.stop()
    await engine.close()
    await told.end()
    await presence.leave().catch(stumbled)
    await status?.close()
    await notifications.close()
    await database.close()
  }
  let ended: Promise<void> | null = null
  return { id, stop: () => (ended ??= end()) }
}

interface HealthParts {
  readonly activity: WorkerActivity
  readonly logger: Logger
  readonly stumbled: (error: unknown) => void
}

function createPresence(id: string, database: Database, activity: WorkerActivity): WorkerPresence {
  return new WorkerPresence({
    id,
    workers: new WorkerRepository(database),
    evaluations: new EvaluationLeaseRepository(database),
    status: () => activity.status(),
  })
}

/** Says on the page of workers, and to those who watch evaluations, whether the engine starts. */
function createHealth(
  { restTimes }: WorkerProcessParts,
  { activity, logger, stumbled }: HealthParts,
): EngineHealth {
  return new EngineHealth((trouble) => {
    activity.cannotCompute(trouble).catch(stumbled)
    if (trouble === null) logger.info('the engine can compute again')
    else logger.error({ failure: trouble }, 'the engine cannot compute: nothing is claimed')
  }, restTimes)
}

/** What workers of this machine held when they died is free at once; the next look finds it. */
async function lookAround(
  dead: DeadWorkerRepository,
  presence: WorkerPresence,
  logger: Logger,
): Promise<void> {
  const workers = await dead.releaseLeases()
  if (workers.length > 0) logger.warn({ workers }, 'leases of dead workers were released')
  await presence.lookAround()
}

/** Health and metrics, where a port was given for them. */
async function startStatus(
  { environment, engine, logger }: WorkerProcessParts,
  database: Database,
): Promise<WorkerStatusServer | null> {
  const { port, host, token } = environment.metrics
  if (port === undefined) return null
  const engines = (): readonly EngineState[] => engine.children()
  return startWorkerStatusServer({ port, host, token, database, engines, logger })
}

interface LoopParts {
  readonly database: Database
  readonly notifications: RunNotifications
  readonly activity: WorkerActivity
  readonly health: EngineHealth
}

/** The two loops: one for the engine, one for imports. */
function createWorkers(
  id: string,
  parts: WorkerProcessParts,
  { database, notifications, activity, health }: LoopParts,
) {
  const { environment, engine, logger, leaseTimes } = parts
  const cache = new VectorCache(environment.home, environment.vectorCacheBytes)
  const contents = new EditContentRepository(database)
  const imports = parts.imports ?? createImportHost(logger)
  const editLeases = new EditLeaseRepository(database, parts.leaseSeconds)
  const worker = new RunWorker({
    id,
    leases: new RunLeaseRepository(database, parts.leaseSeconds),
    results: new LensResultRepository(database),
    contents,
    vectors: new VectorJobs({
      ...{ cache, contents, engine, logger },
      files: new VectorFileRepository(database),
    }),
    edits: new EditJobs({
      ...{ engine, imports, notifications, logger, leaseTimes, home: environment.home },
      ...{ contents, leases: editLeases },
      results: new EditResultRepository(database),
    }),
    background: [
      createSliceJobs(parts, database, { engine, notifications }),
      new EvaluationJobs({
        ...{ engine, activity, notifications, logger, leaseTimes },
        leases: new EvaluationLeaseRepository(database, parts.leaseSeconds),
        rows: new EvaluationRowRepository(database),
        models: new LocalModels(environment.home),
      }),
      new FigureJobs({
        ...{ engine, notifications, logger, leaseTimes, statistics: new StatisticsPool(1) },
        leases: new FigureLeaseRepository(database, parts.leaseSeconds),
      }),
      ...createNeuronJobs(parts, database, { notifications, contents }),
      new InterferenceJobs({
        ...{ engine, contents, notifications, logger, leaseTimes },
        leases: new InterferenceLeaseRepository(database, parts.leaseSeconds),
      }),
    ],
    ...{ engine, health, notifications, logger },
    ...(leaseTimes === undefined ? {} : { leaseTimes }),
  })
  const importer = new ImportWorker({
    ...{ id, home: environment.home, notifications, logger },
    leases: new ImportLeaseRepository(database, parts.leaseSeconds),
    imports,
    paths: new ServerPaths(environment.modelDirectories),
    ...(leaseTimes === undefined ? {} : { leaseTimes }),
  })
  return { worker, importer, editLeases }
}

function createSliceJobs(
  { logger, leaseTimes, leaseSeconds }: WorkerProcessParts,
  database: Database,
  { engine, notifications }: Pick<SliceJobsParts, 'engine' | 'notifications'>,
): SliceJobs {
  return new SliceJobs({
    ...{ engine, notifications, logger, leaseTimes },
    leases: new SliceLeaseRepository(database, leaseSeconds),
    answers: new KnownAnswersRepository(database),
  })
}

function createNeuronJobs(
  { engine, logger, leaseTimes, leaseSeconds }: WorkerProcessParts,
  database: Database,
  {
    notifications,
    contents,
  }: Pick<LoopParts, 'notifications'> & { contents: EditContentRepository },
): [NeuronJobs, NeuronEditJobs] {
  const surveys = new NeuronJobs({
    ...{ engine, notifications, logger, leaseTimes },
    leases: new NeuronLeaseRepository(database, leaseSeconds),
    results: new NeuronResultRepository(database),
  })
  const neurons = new NeuronEditsRepository(database)
  return [surveys, new NeuronEditJobs({ contents, neurons, logger })]
}
