// Queries about models.
import { Arg, Ctx, ID, Int, Query, Resolver } from 'type-graphql'
import type { RequestContext } from '../../context.js'
import type { Connection } from '../../pagination/connection.js'
import { listComplexity } from '../../pagination/list-complexity.js'
import { timePage } from '../../pagination/time-cursor.js'
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
    @Arg('first', () => Int, {
      nullable: true,
      defaultValue: 20,
      description: 'Page size, at most 100.',
    })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'Cursor to continue after.' })
    after: string | null,
    @Ctx() context: RequestContext,
  ): Promise<Connection<Model>> {
    return context.services.models.list(context.viewer, timePage(first, after))
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
}
