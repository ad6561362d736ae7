// What scripts wait for, bring in and take out.
import type { OperationsOf } from './operations-of.js'

export const scriptsOperations: OperationsOf = {
  read: ['Query.awaitEvaluation', 'Query.awaitLensRun'],
  compute: ['Mutation.importRun', 'Mutation.importEdit', 'Mutation.importEvaluation'],
}
