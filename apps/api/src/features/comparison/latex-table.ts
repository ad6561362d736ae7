// A comparison -> a LaTeX table for booktabs: intervals below the means, the best in bold only where it is significant.
import type { MetricInfo } from '../protocol/protocol.type.js'
import type { ComparedArm, Comparison, MetricEstimate } from './comparison.type.js'

/** What a column of the table is. */
interface Column extends Pick<MetricInfo, 'name' | 'unit' | 'better'> {
  readonly head: string
}

export function latexTable(comparison: Comparison): string {
  const columns = columnsOf(comparison)
  const line = (cells: readonly string[]): string => `    ${cells.join(' & ')} \\\\`
  const head = columns.map(({ head: name, unit }) =>
    escapeTex(unit === '' ? name : `${name} (${unit})`),
  )
  const published = publishedLines(comparison, columns).map(line)
  return [
    '% needs \\usepackage{booktabs}',
    '\\begin{table}',
    '  \\centering',
    `  \\begin{tabular}{l${'r'.repeat(columns.length)}}`,
    '    \\toprule',
    line(['Method', ...head]),
    '    \\midrule',
    ...baseLines(comparison, columns).map(line),
    ...comparison.arms.map((arm) => line(armCells(comparison, arm, columns))),
    ...(published.length === 0 ? [] : ['    \\midrule', ...published]),
    '    \\bottomrule',
    '  \\end{tabular}',
    `  \\caption{${caption(comparison)}}`,
    '\\end{table}',
    '',
  ].join('\n')
}

/** Metrics that some arm has a value of, the score first as in the papers. */
function columnsOf({ protocol, estimates }: Comparison): readonly Column[] {
  const present = new Set(estimates.flatMap(({ metric, mean }) => (mean === null ? [] : metric)))
  const { score, metrics } = protocol
  const all: Column[] = metrics.map((one) => ({ ...one, head: one.name }))
  if (score !== null)
    all.unshift({ name: score.name, head: score.name, unit: '', better: 'HIGHER' })
  return all.filter(({ name }) => present.has(name))
}

function baseLines(
  { arms, before }: Comparison,
  columns: readonly Column[],
): readonly (readonly string[])[] {
  const models = [...new Set(before.map(({ armId }) => armId))]
  return models.map((armId) => {
    const model = arms.find(({ id }) => id === armId)?.modelName ?? ''
    const name = models.length === 1 ? 'Unedited' : `Unedited ${model}`
    return [escapeTex(name), ...columns.map((column) => cellOf(before, armId, column, false))]
  })
}

function armCells(
  comparison: Comparison,
  arm: ComparedArm,
  columns: readonly Column[],
): readonly string[] {
  const cells = columns.map((column) =>
    cellOf(comparison.estimates, arm.id, column, isBest(comparison, arm.id, column)),
  )
  return [escapeTex(arm.label), ...cells]
}

function cellOf(
  estimates: readonly MetricEstimate[],
  armId: string,
  { name }: Column,
  best: boolean,
): string {
  const found = estimates.find((one) => one.armId === armId && one.metric === name)
  if (!found || found.mean === null) return '--'
  const mean = shown(found.mean)
  const value = best ? `\\mathbf{${mean}}` : mean
  const interval = intervalOf(found)
  if (interval === null) return `$${value}$`
  return `$${value}_{\\,[${interval.map(shown).join(',\\,')}]}$`
}

/** Resamples of equal values are equal: their interval would have no width, where Wilson's has one. */
const isConstant = ({ low, high, wilsonLow }: MetricEstimate): boolean =>
  low !== null && low === high && wilsonLow !== null

function intervalOf(found: MetricEstimate): readonly [number, number] | null {
  const { low, high, wilsonLow, wilsonHigh } = found
  const ends = isConstant(found) ? ([wilsonLow, wilsonHigh] as const) : ([low, high] as const)
  const [least, most] = ends
  return least === null || most === null ? null : [least, most]
}

/** They show what chance does, and are no rivals. */
const controls: ReadonlySet<string> = new Set(['no-edit', 'random-layer', 'scale-neuron'])

/** Better than every other arm that is no control, each difference significant. */
function isBest({ arms, differences }: Comparison, armId: string, column: Column): boolean {
  const editing = arms.filter(({ method }) => !controls.has(method))
  const others = editing.filter(({ id }) => id !== armId)
  const isCandidate = others.length > 0 && others.length < editing.length
  if (!isCandidate || column.better === 'NEITHER') return false
  const sign = column.better === 'HIGHER' ? 1 : -1
  return others.every(({ id }) => {
    const pair = differences.find(
      (one) =>
        one.metric === column.name &&
        ((one.firstArmId === armId && one.secondArmId === id) ||
          (one.firstArmId === id && one.secondArmId === armId)),
    )
    if (!pair || pair.difference === null || !pair.significant) return false
    return sign * (pair.firstArmId === armId ? 1 : -1) * pair.difference > 0
  })
}

function publishedLines(
  { published }: Comparison,
  columns: readonly Column[],
): readonly (readonly string[])[] {
  return published.flatMap(({ rows }, table) =>
    rows.map(({ model, method, cells }) => [
      `${escapeTex(`${method}, ${model}`)}$^{${mark(table)}}$`,
      ...columns.map(({ name }) => {
        const cell = cells.find(({ metric }) => metric === name)
        if (cell === undefined) return '--'
        const spread = cell.spread === null ? '' : ` \\pm ${shown(cell.spread)}`
        return `$${shown(cell.mean)}${spread}$`
      }),
    ]),
  )
}

const mark = (table: number): string => ['\\dagger', '\\ddagger', '\\S', '\\P'][table] ?? `${table}`

function caption(comparison: Comparison): string {
  const { protocol, cases, published, resamples, arms, shared } = comparison
  const evaluations = [...new Set(arms.map(({ evaluationName }) => evaluationName))].join(', ')
  const constant = [...comparison.estimates, ...comparison.before].some(isConstant)
  const wilsonToo = constant ? ', Wilson’s where all cases are equal' : ''
  const spreads: Readonly<Record<string, string>> = {
    sd: '$\\pm$ is the standard deviation over cases',
    ci95: '$\\pm$ is half of a 95\\% interval',
  }
  return [
    `${escapeTex(protocol.title)}, $n = ${cases}$ cases${shared ? '' : ' in all'} (${escapeTex(evaluations)}).`,
    ...fewerCases(arms, cases),
    `Means with 95\\% BCa bootstrap intervals (${resamples} resamples of cases)${wilsonToo}.`,
    'Bold: better than every other editing method, each paired difference significant after Holm’s correction ($p < 0.05$).',
    ...published.map(({ source, spread }, table) =>
      [`$^{${mark(table)}}$Published: ${escapeTex(source)}`, spreads[spread]]
        .filter(Boolean)
        .join('; ')
        .concat('.'),
    ),
  ].join(' ')
}

/** Methods whose means are of fewer cases than the table's, with the ones that failed. */
function fewerCases(arms: readonly ComparedArm[], cases: number): string[] {
  const fewer = arms.filter(({ n }) => n < cases)
  if (fewer.length === 0) return []
  const counts = fewer.map(
    ({ label, n, failed }) =>
      `${escapeTex(label)}, $n = ${n}$${failed === 0 ? '' : ` (${failed} failed)`}`,
  )
  return [`Of fewer cases: ${counts.join('; ')}.`]
}

/** One decimal from 10 on, as the papers print; more below. */
const shown = (value: number): string =>
  value.toFixed(Math.abs(value) >= 10 || value === 0 ? 1 : Math.abs(value) >= 0.1 ? 2 : 4)

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
}

export const escapeTex = (text: string): string =>
  text.replace(/[\\~^]|[&%$#_{}]/g, (found) => escapes[found] ?? `\\${found}`)
