// Queries about models.
import { Arg, Args, Ctx, FieldResolver, Float, ID, Query, Resolver, Root } from 'type-graphql'
import type { RequestContext } from '../../context.js'
import type { Connection } from '../../pagination/connection.js'
import { listComplexity } from '../../pagination/list-complexity.js'
import { PageArguments, pageAsked } from '../../pagination/page-arguments.js'
import { tokenizeKinds } from '../../vocabulary/names.js'
import type { TokenizeKindKey } from '../../vocabulary/names.js'
import { Model, ModelConnection, Tokenization } from './model.type.js'

@Resolver(() => Model)
export class ModelResolver {
  @Query(() => ModelConnection, {
    description: 'The models, newest first.',
    complexity: listComplexity,
  })
  models(
    @Args(() => PageArguments) page: PageArguments,
    @Ctx() context: RequestContext,
  ): Promise<Connection<Model>> {
    return context.services.models.list(context.viewer, pageAsked(page))
  }

  @Query(() => Model, {
    nullable: true,
    description: 'One model; null when there is none with this id.',
  })
  model(
    @Arg('id', () => ID, { description: 'Id of the model.' }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<Model | null> {
    return context.loaders.model.load(id)
  }

  @Query(() => Tokenization, {
    description: 'A text as the model’s tokens. Never computes; answers in milliseconds.',
  })
  tokenize(
    @Arg('modelId', () => ID, { description: 'Id of the model.' }) modelId: string,
    @Arg('text', () => String, { description: 'The text; at most 20,000 characters.' })
    text: string,
    @Arg('kind', () => tokenizeKinds.values, {
      nullable: true,
      defaultValue: 'PROMPT',
      description: 'What the text would be used as.',
    })
    kind: TokenizeKindKey | null,
    @Ctx() context: RequestContext,
  ): Promise<Tokenization> {
    return context.services.tokens.tokenize(context.viewer, modelId, text, kind ?? 'PROMPT')
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description:
      'Bytes of memory that a run of 256 tokens takes, from the headers of its files; null when it cannot be opened.',
  })
  memoryNeeded(@Root() model: Model, @Ctx() { services }: RequestContext): number | null {
    return model.available ? services.library.memoryNeeded(model.directory) : null
  }
}
