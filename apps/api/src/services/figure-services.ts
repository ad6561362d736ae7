// The services of figures over many prompts.
import type { Database, RunNotifications } from '../database/index.js'
import type { AccountRepository } from '../features/account/account.repository.js'
import { FigureSetRepository } from '../features/figure-set/figure-set.repository.js'
import { FigureSetService } from '../features/figure-set/figure-set.service.js'
import type { ModelService } from '../features/model/model.service.js'

export interface FigureServicesParts {
  readonly database: Database
  readonly notifications: RunNotifications
  readonly accounts: AccountRepository
  readonly models: ModelService
}

export function createFigureServices(parts: FigureServicesParts) {
  const sets = new FigureSetRepository(parts.database)
  return { figureSets: new FigureSetService({ ...parts, sets }) }
}
