// The first cases of a reproduction -> figures 3, 5 and 6 of Backward Lens, as data and as SVG beside the results.
import { mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { EvaluationCase } from '../datasets/evaluation-case.js'
import type { DatasetReport } from '../datasets/read-dataset.js'
import { buildFigure } from '../figures/build-figure.js'
import { drawFigure } from '../figures/draw/draw-figure.js'
import type { FigureData, FigureKind } from '../figures/figure-data.js'
import { observePrompts } from '../figures/observe-prompts.js'
import type { LoadedModel } from '../runtime/load-model.js'
import { writeFileAtomically } from '../weights/atomic-file.js'
import type { CommandLine } from './command-line.js'
import { openObservations } from './observations-file.js'

interface FigureSettings {
  readonly dataset: DatasetReport
  /** Where observations and figures are kept; an interrupted command goes on there. */
  readonly directory: string
  readonly seed: number
  readonly signal: AbortSignal
  readonly line: CommandLine
}

const kinds: readonly FigureKind[] = ['gradient-rank', 'norms-by-segment', 'target-rank-by-segment']

/** None without a case. */
export async function reproduceFigures(
  model: LoadedModel,
  cases: readonly EvaluationCase[],
  { dataset, directory, seed, signal, line }: FigureSettings,
): Promise<readonly FigureData[]> {
  if (cases.length === 0) return []
  mkdirSync(directory, { recursive: true })
  const file = openObservations(directory, { model, dataset })
  const missing = cases.filter(({ id }) => !file.known.has(id))
  if (missing.length > 0) {
    const { receipt } = await observePrompts(model, missing, {
      seed,
      signal,
      onObserved: (observed, { done, total }) => {
        file.append(observed)
        line.progress(`${done} of ${total} prompts of the figures`)
      },
    })
    file.keepReceipt(receipt)
  }
  const observations = cases.flatMap(({ id }) => file.known.get(id) ?? [])
  const subtitle = `${model.files.name}, ${basename(dataset.file)}`
  return kinds.map((kind) => {
    const figure = buildFigure(kind, observations, { seed })
    const write = (ending: string, text: string): void =>
      writeFileAtomically(join(directory, `${kind}.${ending}`), (append) =>
        append(Buffer.from(text)),
      )
    write('json', `${JSON.stringify(figure)}\n`)
    write('svg', drawFigure(figure, { subtitle }))
    return figure
  })
}

/** Each figure: where it is, and what the paper shows in its place. */
export function figureLines(figures: readonly FigureData[], directory: string): readonly string[] {
  return figures.flatMap(({ kind, number, title, prompts, lookFor, notes }) => [
    `${number} ${title}: ${prompts} prompts, ${join(directory, kind)}.svg`,
    `  the paper: ${lookFor}`,
    ...notes.map((note) => `  ${note}`),
  ])
}
