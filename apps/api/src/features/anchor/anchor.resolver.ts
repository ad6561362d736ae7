// What of an anchor is looked up when it is asked for.
import { Ctx, FieldResolver, ID, Resolver, Root } from 'type-graphql'
import type { RequestContext } from '../../context.js'
import { Anchor } from './anchor.type.js'

@Resolver(() => Anchor)
export class AnchorResolver {
  @FieldResolver(() => String, { description: 'What people call it.' })
  async title(@Root() { stored }: Anchor, @Ctx() { loaders }: RequestContext): Promise<string> {
    return (await loaders.anchorWords.load(stored)).title
  }

  @FieldResolver(() => String, { description: 'Path of the page that shows it.' })
  async path(@Root() { stored }: Anchor, @Ctx() { loaders }: RequestContext): Promise<string> {
    return (await loaders.anchorWords.load(stored)).path
  }

  @FieldResolver(() => ID, {
    nullable: true,
    description: 'Of a run or a cell: the newest run that shows it; null when none is left.',
  })
  async runId(
    @Root() { stored }: Anchor,
    @Ctx() { loaders }: RequestContext,
  ): Promise<string | null> {
    return (await loaders.anchorWords.load(stored)).runId
  }
}
