// The API process. It never computes: runs are rows and jobs, and tokenisation needs no runtime.
import { openDatabase, openRunNotifications } from './database/index.js'
import { readEnvironment } from './env.js'
import { prepareDoorbell } from './jobs/doorbell.js'
import { createLogger } from './logger.js'
import { buildImprintSchema } from './schema.js'
import { startApiServer } from './server.js'
import { createServices } from './services.js'
import { exitWhenBusy, stopOnSignals } from './shutdown.js'

const environment = readEnvironment()
const logger = createLogger('imprint-api', environment.logLevel)
const onError = (error: Error): void => logger.warn({ err: error }, 'database connection lost')
const database = openDatabase({ url: environment.databaseUrl, onIdleError: onError })
await prepareDoorbell(environment.databaseUrl, logger)
const notifications = openRunNotifications(environment.databaseUrl, onError)
const services = createServices(database, notifications, environment)
await services.accounts.ensureLocalViewer()
const server = await startApiServer({
  schema: buildImprintSchema(),
  services,
  database,
  environment,
  logger,
}).catch((error: unknown) =>
  exitWhenBusy(error, `Port ${environment.apiPort} is busy. Choose another with IMPRINT_API_PORT.`),
)
await services.datasetImporter.start(logger)
for (const part of [services.statistics, services.caseTables]) part.start()
services.countAhead.start(logger)
services.projectStart.logTo(logger)
stopOnSignals(logger, async () => {
  await server.close()
  await services.datasetImporter.stop()
  await Promise.all([services.statistics.close(), services.caseTables.close()])
  await notifications.close()
  await database.close()
})
logger.info({ port: server.port }, 'API ready')
process.send?.({ type: 'ready', port: server.port })
