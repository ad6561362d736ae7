// The nouns and verbs of a server, typed by its schema.
import { editsOf } from './edits.js'
import { datasetsOf, evaluationsOf, slicesOf } from './evaluations.js'
import { MeDocument } from './generated/graphql.js'
import { modelsOf, promptsOf, runsOf } from './lens.js'
import { annotationsOf, commentsOf, reviewsOf, searchIn } from './team.js'
import { Transport } from './transport.js'
import type { ClientOptions, RequestOptions } from './transport.js'
import type { TypedText } from './typed-text.js'

export type ImprintClient = ReturnType<typeof createClient>

/** Nothing is sent before something is asked. */
export function createClient(options: ClientOptions) {
  const transport = new Transport(options)
  return {
    /** Any operation of the schema, for what has no verb here. @throws ImprintError */
    request: <Result = unknown, Variables = Record<string, unknown>>(
      document: TypedText<Result, Variables> | string,
      variables: Variables,
      requestOptions?: RequestOptions,
    ): Promise<Result> =>
      transport.request(document as TypedText<Result, Variables>, variables, requestOptions),
    /** Who the key is, and what it may do. */
    me: () => transport.request(MeDocument, {}),
    models: modelsOf(transport),
    prompts: promptsOf(transport),
    runs: runsOf(transport),
    edits: editsOf(transport),
    datasets: datasetsOf(transport),
    slices: slicesOf(transport),
    evaluations: evaluationsOf(transport),
    annotations: annotationsOf(transport),
    comments: commentsOf(transport),
    reviews: reviewsOf(transport),
    search: searchIn(transport),
  }
}
