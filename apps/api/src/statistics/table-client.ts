// The thread that holds the cases, as the rest of the API sees it.
import type { Density, Distribution } from './case-histograms.js'
import type {
  ColumnsAnswer,
  DensityQuestion,
  TableAnswers,
  TableQuestion,
  WindowAnswer,
  WindowQuestion,
} from './table-calls.js'
import type { TableThreadCalls } from './table-thread.js'
import { ThreadCalls } from './thread-calls.js'

export class TableThread implements TableAnswers {
  readonly #thread: ThreadCalls<TableThreadCalls>

  constructor(databaseUrl: string) {
    this.#thread = new ThreadCalls('table-thread.js', { url: databaseUrl })
  }

  start(): void {
    this.#thread.start()
  }

  columns(question: TableQuestion): Promise<ColumnsAnswer> {
    return this.#thread.call('columns', question)
  }

  window(question: WindowQuestion): Promise<WindowAnswer> {
    return this.#thread.call('window', question)
  }

  distributions(question: { table: TableQuestion; metric: number }): Promise<Distribution[]> {
    return this.#thread.call('distributions', question)
  }

  density(question: DensityQuestion): Promise<Density> {
    return this.#thread.call('density', question)
  }

  close(): Promise<void> {
    return this.#thread.close()
  }
}
