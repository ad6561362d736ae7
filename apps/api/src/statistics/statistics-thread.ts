// A thread that counts: comparisons, and figures over many prompts.
import { answerCalls } from './answer-calls.js'
import type { StatisticsQuestion } from './comparison-statistics.js'
import { drawFigures } from './draw-figures.js'
import type { FiguresQuestion } from './draw-figures.js'
import { summarizeCases } from './summarize-cases.js'

const handlers = {
  /** As text: it is kept as it is, and read once. */
  summarize: (question: StatisticsQuestion): string => JSON.stringify(summarizeCases(question)),
  figures: (question: FiguresQuestion) => drawFigures(question),
}

export type StatisticsCalls = typeof handlers

answerCalls(handlers)
