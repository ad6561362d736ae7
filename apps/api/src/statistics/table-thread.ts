// The thread that holds the cases of evaluations: it reads them from the database by itself, so that the API never waits.
import { workerData } from 'node:worker_threads'
import pg from 'pg'
import { Moved, answerCalls } from './answer-calls.js'
import type { ColumnsAnswer, TableQuestion } from './table-calls.js'
import type { DensityQuestion, WindowQuestion } from './table-calls.js'
import { TableHolder } from './table-holder.js'

const { url } = workerData as { readonly url: string }
const pool = new pg.Pool({
  connectionString: url,
  max: 3,
  idleTimeoutMillis: 5_000,
  statement_timeout: 60_000,
  connectionTimeoutMillis: 10_000,
})
// A connection that is lost while idle is opened again by the next question.
pool.on('error', () => undefined)
const holder = new TableHolder(pool)

const handlers = {
  columns: async (question: TableQuestion): Promise<ColumnsAnswer> => {
    const answer = await holder.columns(question)
    const { arms, before, relationOf } = answer.columns
    const buffers = [...arms, ...before].map(({ values }) => values.buffer as ArrayBuffer)
    return new Moved(answer, [...buffers, relationOf.buffer as ArrayBuffer]) as never
  },
  window: (question: WindowQuestion) => holder.window(question),
  distributions: (question: { table: TableQuestion; metric: number }) =>
    holder.distributions(question),
  density: (question: DensityQuestion) => holder.density(question),
}

export type TableThreadCalls = typeof handlers

answerCalls(handlers)
