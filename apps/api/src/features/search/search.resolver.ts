// The search by words.
import { Arg, Args, Ctx, Query, Resolver } from 'type-graphql'
import type { RequestContext } from '../../context.js'
import type { Connection } from '../../pagination/connection.js'
import { listComplexity } from '../../pagination/list-complexity.js'
import { PageArguments } from '../../pagination/page-arguments.js'
import { searchKinds } from '../../vocabulary/note-names.js'
import type { SearchKindKey } from '../../vocabulary/note-names.js'
import { SearchConnection, SearchHit } from './search.type.js'

@Resolver(() => SearchHit)
export class SearchResolver {
  @Query(() => SearchConnection, {
    description:
      'What holds the words, the best first: words, "phrases", or, -not; the last word may be unfinished. Where fewer than 20 things match, those with words that are spelt alike follow. The 300 newest matches are ranked, and 100 that are alike.',
    complexity: (options) => 20 + listComplexity(options),
  })
  search(
    @Arg('query', () => String, { description: 'The words; at most 300 characters.' })
    query: string,
    @Arg('kinds', () => [searchKinds.values], {
      nullable: true,
      description: 'Which kinds of things; all when absent or empty.',
    })
    kinds: SearchKindKey[] | null,
    @Args(() => PageArguments) { first, after }: PageArguments,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<Connection<SearchHit>> {
    return services.search.find(viewer, { query, kinds: kinds ?? null, first, after })
  }
}
