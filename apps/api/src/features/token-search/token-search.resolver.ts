// The query of the token search.
import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql'
import type { RequestContext } from '../../context.js'
import { listComplexity } from '../../pagination/list-complexity.js'
import { Edit } from '../edit/edit.type.js'
import { LensRun } from '../lens-run/lens-run.type.js'
import { TokenHit, TokenSearch, TokenSearchInput } from './token-search.type.js'

@Resolver(() => TokenHit)
export class TokenSearchResolver {
  @Query(() => TokenSearch, {
    description: 'Runs or edits of a model whose projections point to a token, newest first.',
    complexity: listComplexity,
  })
  searchProjections(
    @Arg('input', () => TokenSearchInput, { description: 'What to look for.' })
    input: TokenSearchInput,
    @Arg('first', () => Int, { defaultValue: 50, description: 'Page size, at most 100.' })
    first: number,
    @Arg('after', () => String, { nullable: true, description: '`nextCursor` of the page before.' })
    after: string | null,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<TokenSearch> {
    return services.tokenSearch.find(viewer, input, first, after ?? null)
  }

  @FieldResolver(() => LensRun, { nullable: true, description: 'The run; null of an edit.' })
  run(@Root() { runId }: TokenHit, @Ctx() { loaders }: RequestContext): Promise<LensRun | null> {
    return runId === null ? Promise.resolve(null) : loaders.run.load(runId)
  }

  @FieldResolver(() => Edit, { nullable: true, description: 'The edit; null of a run.' })
  edit(@Root() { editId }: TokenHit, @Ctx() { loaders }: RequestContext): Promise<Edit | null> {
    return editId === null ? Promise.resolve(null) : loaders.edit.load(editId)
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'The prompt’s token at the position; null of an edit.',
  })
  async positionText(
    @Root() { runId, position }: TokenHit,
    @Ctx() { loaders }: RequestContext,
  ): Promise<string | null> {
    if (runId === null || position === null) return null
    const head = await loaders.resultHead.load(runId)
    return head?.summary.tokens[position]?.text ?? null
  }
}
