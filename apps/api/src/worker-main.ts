// The worker process: `npm run worker -w apps/api` on every machine that shall compute.
import 'reflect-metadata'
import { createSupervisedEngine } from './engine/supervised-engine.js'
import { readEnvironment } from './env.js'
import { leaseTimesOf } from './jobs/lease-keeper.js'
import { startWorkerProcess } from './jobs/worker-process.js'
import { createLogger } from './logger.js'
import { stopOnSignals } from './shutdown.js'

const environment = readEnvironment()
const logger = createLogger('imprint-worker', environment.logLevel)
const engine = createSupervisedEngine(environment, logger)
const { leaseSeconds } = environment
const leaseTimes = leaseTimesOf(leaseSeconds)
const worker = await startWorkerProcess({ environment, engine, logger, leaseSeconds, leaseTimes })
stopOnSignals(logger, () => worker.stop())
engine.start().catch((error: unknown) => logger.error({ err: error }, 'the engine does not start'))
process.send?.({ type: 'ready' })
