// How much a list costs: what one row costs, times the rows that can come back.
import type { ComplexityEstimatorArgs } from 'graphql-query-complexity'
import { pageSize } from './connection.js'

/** A page costs its size times its rows' cost, whether the size is a literal or a variable. */
export function listComplexity({
  args,
  childComplexity,
}: Pick<ComplexityEstimatorArgs, 'args' | 'childComplexity'>): number {
  return 1 + pageSize(args['first'] as number | null | undefined) * Math.max(1, childComplexity)
}
