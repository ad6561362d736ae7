// The services of comparisons, and the threads they count in.
import type { Database } from '../database/index.js'
import { EditLibrary } from '../engine/edit-library.js'
import { CaseDetailService } from '../features/comparison/case-detail.service.js'
import { CaseWindowService } from '../features/comparison/case-window.service.js'
import { ComparisonExportService } from '../features/comparison/comparison-export.service.js'
import { ComparisonRepository } from '../features/comparison/comparison.repository.js'
import { ComparisonService } from '../features/comparison/comparison.service.js'
import { CountAhead } from '../features/comparison/count-ahead.js'
import type { EditService } from '../features/edit/edit.service.js'
import { StatisticsPool } from '../statistics/statistics-pool.js'
import { TableThread } from '../statistics/table-client.js'

export interface ComparisonServicesParts {
  readonly database: Database
  readonly edits: EditService
  readonly home: string
}

export function createComparisonServices({ database, edits, home }: ComparisonServicesParts) {
  const repository = new ComparisonRepository(database)
  const tables = new TableThread(database.url)
  const statistics = new StatisticsPool()
  const library = new EditLibrary(home)
  const titleOf = (method: string): string => library.method(method).title
  const comparisons = new ComparisonService({ repository, tables, statistics, titleOf })
  return {
    statistics,
    caseTables: tables,
    comparisonRows: repository,
    comparisons,
    countAhead: new CountAhead(repository, comparisons),
    caseWindows: new CaseWindowService({ repository, tables }),
    comparisonExports: new ComparisonExportService(repository),
    caseDetails: new CaseDetailService({ repository, edits, titleOf }),
  }
}
