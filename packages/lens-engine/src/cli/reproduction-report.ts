// A reproduced table and the published one -> lines: row by row, metric by metric, and a plain statement at the end.
import type { HeaderRecord } from '../evaluation/evaluation-record.js'
import {
  spreadTexts,
  type ComparedCell,
  type ComparedRow,
  type ComparedTable,
} from '../evaluation/reproduction/published-agreement.js'
import type { ReproductionPlan } from '../evaluation/reproduction/reproduction-plan.js'
import type { EvaluationReport } from './evaluation-report.js'
import type { TableStyle } from './lens-table.js'
import { formatColumns } from './terminal-text.js'

export interface Reproduction {
  readonly plan: ReproductionPlan
  readonly header: HeaderRecord
  readonly report: EvaluationReport
  readonly tables: readonly ComparedTable[]
}

export function formatReproduction(
  { plan, header, report, tables }: Reproduction,
  style: TableStyle,
): readonly string[] {
  const { paint } = style
  const failed = report.failures.length
  return [
    paint(plan.title, 'bold'),
    `here: ${header.model.name}, ${report.cases} cases of ${header.dataset.file}, seed ${header.seed}; published: ${plan.publishedModel}, ${plan.cases} cases`,
    ...plan.notes.map((note) => `- ${note}`),
    '',
    ...plan.arms.map(({ name, published, note }) => `${published}: ${name}, ${note}`),
    ...tables.flatMap((table) => ['', ...formatTable(table, style)]),
    '',
    ...(failed === 0 ? [] : [`${failed} edits failed and are missing`]),
    ...tables.flatMap((table) => statement(table, plan, header)),
    '',
  ]
}

function formatTable({ source, spread, rows }: ComparedTable, { paint }: TableStyle) {
  const lines = rows.flatMap(({ published, cells }) =>
    cells
      .filter(({ mean, published: other }) => mean !== null || other !== null)
      .map((cell, index) => [index === 0 ? published : '', ...formatCell(cell)]),
  )
  const head = ['row', 'metric', 'here [95%]', 'published +-', 'its 95%', '']
  return [
    `${source}; its +- is the ${spreadTexts[spread]}`,
    ...formatColumns([head, ...lines], paint),
  ]
}

const verdicts = { agrees: 'agrees', differs: 'differs', none: '' } as const

function formatCell(cell: ComparedCell): readonly string[] {
  const { metric, mean, low, high, published, spread, publishedHalfWidth, agreement } = cell
  return [
    metric,
    mean === null ? 'not available' : `${short(mean)} [${short(low)}, ${short(high)}]`,
    published === null ? 'not published' : `${published}${spread === null ? '' : ` +- ${spread}`}`,
    publishedHalfWidth === null ? '' : `+- ${short(publishedHalfWidth)}`,
    verdicts[agreement],
  ]
}

const short = (value: number | null): string =>
  value === null ? '-' : value.toFixed(Math.abs(value) < 1 && value !== 0 ? 2 : 1)

/** Which rows agree in all that can be compared, and which do not, and in what. */
function statement(
  { rows, model }: ComparedTable,
  { sameModel }: ReproductionPlan,
  { model: own }: HeaderRecord,
): readonly string[] {
  const compared = rows.filter(({ cells }) => cells.some(({ agreement }) => agreement !== 'none'))
  const differing = compared.filter(({ cells }) => cells.some(isDifferent))
  const agreeing = compared.filter((row) => !differing.includes(row))
  return [
    `${agreeing.length} of ${compared.length} rows agree with ${model}'s within the intervals${listed(agreeing)}`,
    ...differing.map(differenceText),
    ...(sameModel
      ? []
      : [
          `${own.name} is another model than ${model}: this says how far apart they are, not that a row is wrong.`,
        ]),
  ]
}

const isDifferent = ({ agreement }: ComparedCell): boolean => agreement === 'differs'

const listed = (rows: readonly ComparedRow[]): string =>
  rows.length === 0 ? '.' : `: ${rows.map(({ published }) => published).join(', ')}.`

function differenceText({ published, cells }: ComparedRow): string {
  const different = cells.filter(isDifferent)
  const count = cells.filter(({ agreement }) => agreement !== 'none').length
  const texts = different.map(
    ({ metric, mean, published: other }) => `${metric} ${short(mean)} (published ${short(other)})`,
  )
  return `${published} differs in ${different.length} of ${count}: ${texts.join(', ')}.`
}
