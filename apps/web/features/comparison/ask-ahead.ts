// An address of an evaluation -> the answers that are sent with its page: itself, and its comparison once it has ended.
import { Ahead } from '../../graphql/ahead'
import {
  ComparedEvaluationDocument,
  ComparisonDocument,
  LiveEvaluationDocument,
} from '../../graphql/generated/graphql'
import { comparisonInput } from './comparison-input'
import { parseComparison } from './comparison-view'

/** null while it runs, or where there is none: the page tells that by itself. */
export async function askEvaluationAhead(
  id: string,
  query: URLSearchParams,
): Promise<Ahead['answers'] | null> {
  const ahead = new Ahead()
  const input = comparisonInput([id], parseComparison(query))
  const [data] = await Promise.all([
    ahead.ask(ComparedEvaluationDocument, { id }),
    ahead.ask(LiveEvaluationDocument, { id }),
    ahead.ask(ComparisonDocument, { input, quick: true }),
  ])
  return data?.evaluation?.state === 'DONE' ? ahead.answers : null
}
