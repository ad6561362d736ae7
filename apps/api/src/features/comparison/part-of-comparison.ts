// A comparison of all arms -> some arms and metrics of it, with the very numbers of the whole.
import { badInput } from '../../errors/input-error.js'
import type { ComparedArm, Comparison } from './comparison.type.js'

export interface WantedPart {
  /** Empty for all. */
  readonly armIds: readonly string[]
  /** Empty for all. */
  readonly metrics: readonly string[]
}

/** @throws BAD_USER_INPUT for an arm or a metric that is not there */
export function partOfComparison(comparison: Comparison, wanted: WantedPart): Comparison {
  const arms = wantedArms(comparison, wanted.armIds)
  const metrics = wantedMetrics(comparison, wanted.metrics)
  const ids = new Set(arms.map(({ id }) => id))
  const hasArm = ({ armId }: { readonly armId: string }): boolean => ids.has(armId)
  const hasMetric = ({ metric }: { readonly metric: string }): boolean => metrics.has(metric)
  return {
    ...comparison,
    arms,
    estimates: comparison.estimates.filter((one) => hasArm(one) && hasMetric(one)),
    before: comparison.before.filter(hasMetric).flatMap((one) => {
      const armId = armBeside(comparison.arms, arms, one.armId)
      return armId === undefined ? [] : [{ ...one, armId }]
    }),
    differences: comparison.differences.filter(
      (one) => ids.has(one.firstArmId) && ids.has(one.secondArmId) && hasMetric(one),
    ),
    relations: comparison.relations.map((one) => ({
      ...one,
      cells: one.cells.filter((cell) => hasArm(cell) && hasMetric(cell)),
    })),
  }
}

function wantedArms({ arms }: Comparison, wanted: readonly string[]): ComparedArm[] {
  const ids = [...new Set(wanted.map((id) => id.toLowerCase()))]
  if (ids.length === 0) return arms
  return ids.map((id) => {
    const found = arms.find((arm) => arm.id === id)
    if (found === undefined) throw badInput(`There is no arm ${id} in these evaluations.`, 'arms')
    return found
  })
}

function wantedMetrics({ protocol }: Comparison, wanted: readonly string[]): ReadonlySet<string> {
  const { metrics, score } = protocol
  const known = [...metrics.map(({ name }) => name), ...(score ? [score.name] : [])]
  const unknown = wanted.find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw badInput(`There is no metric ${unknown}. Use: ${known.join(', ')}.`, 'metrics')
  return new Set(wanted.length === 0 ? known : wanted)
}

/** An unedited model stands under the first arm of it: the first that is wanted. */
function armBeside(
  all: readonly ComparedArm[],
  wanted: readonly ComparedArm[],
  armId: string,
): string | undefined {
  const model = all.find(({ id }) => id === armId)?.modelId
  return wanted.find(({ modelId }) => modelId === model)?.id
}
