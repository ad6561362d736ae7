// A thread that counts.
import { answerCalls } from './answer-calls.js'
import type { StatisticsQuestion } from './comparison-statistics.js'
import { summarizeCases } from './summarize-cases.js'

const handlers = {
  /** As text: it is kept as it is, and read once. */
  summarize: (question: StatisticsQuestion): string => JSON.stringify(summarizeCases(question)),
}

export type StatisticsCalls = typeof handlers

answerCalls(handlers)
