// Fills the demo project: `npm run seed -w apps/api`. Running it again changes nothing.
import 'reflect-metadata'
import { openDatabase, openRunNotifications } from './database/index.js'
import { readEnvironment } from './env.js'
import { prepareDoorbell } from './jobs/doorbell.js'
import { createLogger } from './logger.js'
import { seedDemo } from './seed/seed-demo.js'
import { createServices } from './services.js'

const files = {
  prompts: new URL('../../../prisma/seed/demo-prompts.json', import.meta.url),
  edits: new URL('../../../prisma/seed/demo-edits.json', import.meta.url),
}

const environment = readEnvironment()
const logger = createLogger('imprint-seed', environment.logLevel)
const database = openDatabase({ url: environment.databaseUrl })
const notifications = openRunNotifications(environment.databaseUrl, () => undefined)
await prepareDoorbell(environment.databaseUrl, logger)
const report = await seedDemo(createServices(database, notifications, environment), logger, files)
process.stdout.write(
  `${report.models} models, ${report.prompts} demo prompts, ${report.edits} demo edits, ${report.datasets} data sets\n`,
)
await notifications.close()
await database.close()
