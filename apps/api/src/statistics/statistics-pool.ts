// A few threads that count, and what waits for them: questions that somebody looks at before those that are asked ahead.
import os from 'node:os'
import type { StatisticsQuestion } from './comparison-statistics.js'
import type { DrawnFigure, FiguresQuestion } from './draw-figures.js'
import type { StatisticsCalls } from './statistics-thread.js'
import { ThreadCalls } from './thread-calls.js'

type Thread = ThreadCalls<StatisticsCalls>
export type Urgency = 'asked' | 'ahead'

interface Order {
  readonly urgency: Urgency
  readonly work: (thread: Thread) => Promise<unknown>
}

const defaultSize = Math.max(1, Math.min(2, os.availableParallelism() - 1))

export class StatisticsPool {
  readonly #threads: readonly Thread[]
  readonly #idle: Thread[]
  readonly #orders: Order[] = []

  constructor(size = defaultSize) {
    this.#threads = Array.from({ length: size }, () => new ThreadCalls('statistics-thread.js'))
    this.#idle = [...this.#threads]
  }

  start(): void {
    for (const thread of this.#threads) thread.start()
  }

  /** JSON of `ComparisonStatistics`. The question's arrays are moved, so they are empty afterwards. */
  summarize(question: StatisticsQuestion, urgency: Urgency): Promise<string> {
    const owners = [...question.arms, ...question.before].map(({ values }) => values.buffer)
    const buffers = [...new Set([...owners, question.relationOf.buffer])] as ArrayBuffer[]
    return this.#ask(urgency, (thread) => thread.call('summarize', question, buffers))
  }

  figures(question: FiguresQuestion, urgency: Urgency = 'ahead'): Promise<readonly DrawnFigure[]> {
    return this.#ask(urgency, (thread) => thread.call('figures', question))
  }

  async close(): Promise<void> {
    this.#orders.length = 0
    await Promise.all(this.#threads.map((thread) => thread.close()))
  }

  #ask<Answer>(urgency: Urgency, work: (thread: Thread) => Promise<Answer>): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#orders.push({ urgency, work: (thread) => work(thread).then(resolve, reject) })
      this.#next()
    })
  }

  #next(): void {
    const thread = this.#idle.pop()
    if (thread === undefined) return
    const asked = this.#orders.findIndex(({ urgency }) => urgency === 'asked')
    const [order] = this.#orders.splice(Math.max(0, asked), 1)
    if (order === undefined) return void this.#idle.push(thread)
    void order.work(thread).finally(() => {
      this.#idle.push(thread)
      this.#next()
    })
  }
}
