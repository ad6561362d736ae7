// Query of the fact set, for suggestions while typing.
import { Arg, Ctx, ID, Int, Query, Resolver } from 'type-graphql'
import type { RequestContext } from '../../context.js'
import { listComplexity } from '../../pagination/list-complexity.js'
import { FactSuggestion } from './fact.type.js'

@Resolver(() => FactSuggestion)
export class FactResolver {
  @Query(() => [FactSuggestion], {
    complexity: listComplexity,
    description:
      'Facts the bundled model was trained on whose subject, object or relation matches.',
  })
  facts(
    @Arg('modelId', () => ID, {
      nullable: true,
      description: 'The model; facts are known for the bundled model only.',
    })
    modelId: string | null,
    @Arg('search', () => String, {
      description: 'What to look for; an empty text gives a selection.',
    })
    search: string,
    @Arg('first', () => Int, {
      nullable: true,
      defaultValue: 8,
      description: 'How many at most, up to 100.',
    })
    first: number | null,
    @Ctx() context: RequestContext,
  ): Promise<FactSuggestion[]> {
    return context.services.facts.search(context.viewer, {
      modelId: modelId ?? null,
      search,
      first: first ?? 8,
    })
  }
}
