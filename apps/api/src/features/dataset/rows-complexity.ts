// How much a plain list costs: what one row costs, times the rows that were asked for.
import type { ComplexityEstimatorArgs } from 'graphql-query-complexity'

/** @param argument the one that says how many; @param usual when it is absent */
export function rowsComplexity(argument: string, usual: number) {
  return ({
    args,
    childComplexity,
  }: Pick<ComplexityEstimatorArgs, 'args' | 'childComplexity'>): number => {
    const asked = args[argument] as number | null | undefined
    return 1 + Math.max(1, asked ?? usual) * Math.max(1, childComplexity)
  }
}
