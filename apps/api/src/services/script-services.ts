// The services of scripts: waiting, export and import.
import type { Database, RunNotifications } from '../database/index.js'
import type { AccountRepository } from '../features/account/account.repository.js'
import type { UploadStore } from '../features/dataset/upload-store.js'
import { AwaitService } from '../features/export/await.service.js'
import { ExportRepository } from '../features/export/export.repository.js'
import { ExportService } from '../features/export/export.service.js'
import { ImportRepository } from '../features/export/import.repository.js'

export interface ScriptServicesParts {
  readonly database: Database
  readonly notifications: RunNotifications
  readonly accounts: AccountRepository
  readonly uploads: UploadStore
}

export function createScriptServices(parts: ScriptServicesParts) {
  const { database, notifications, accounts, uploads } = parts
  const exports = new ExportRepository(database)
  const imports = new ImportRepository(database)
  return {
    awaits: new AwaitService(notifications),
    exports: new ExportService({ exports, imports, accounts, uploads }),
  }
}
