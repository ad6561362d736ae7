// Queries and mutations of saved prompts.
import {
  Arg,
  Args,
  Ctx,
  FieldResolver,
  ID,
  Int,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql'
import type { RequestContext } from '../../context.js'
import { payloadOf } from '../../errors/user-failure.js'
import type { Connection } from '../../pagination/connection.js'
import { listComplexity } from '../../pagination/list-complexity.js'
import { PageArguments, pageAsked } from '../../pagination/page-arguments.js'
import { LensRun } from '../lens-run/lens-run.type.js'
import { Model } from '../model/model.type.js'
import { PromptFilter, SavePromptInput, UpdatePromptInput } from './prompt.input.js'
import { DeletePayload, Prompt, PromptConnection, PromptPayload } from './prompt.type.js'

@Resolver(() => Prompt)
export class PromptResolver {
  @Query(() => PromptConnection, {
    description: 'Saved prompts, newest first.',
    complexity: listComplexity,
  })
  prompts(
    @Args(() => PageArguments) page: PageArguments,
    @Arg('filter', () => PromptFilter, {
      nullable: true,
      description: 'Which prompts; all when absent.',
    })
    filter: PromptFilter | null,
    @Ctx() context: RequestContext,
  ): Promise<Connection<Prompt>> {
    return context.services.prompts.list(context.viewer, pageAsked(page), filter ?? {})
  }

  @Query(() => Prompt, {
    nullable: true,
    description: 'One saved prompt; null when there is none with this id.',
  })
  prompt(
    @Arg('id', () => ID, { description: 'Id of the prompt.' }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<Prompt | null> {
    return context.loaders.prompt.load(id)
  }

  @Query(() => [String], { description: 'Every tag in use, in alphabetical order.' })
  promptTags(@Ctx() context: RequestContext): Promise<string[]> {
    return context.services.prompts.tags(context.viewer)
  }

  @Mutation(() => PromptPayload, { description: 'Saves a prompt.' })
  savePrompt(
    @Arg('input', () => SavePromptInput, { description: 'The prompt.' }) input: SavePromptInput,
    @Ctx() context: RequestContext,
  ): Promise<PromptPayload> {
    return payloadOf(async () => ({
      prompt: await context.services.prompts.save(context.viewer, input),
    }))
  }

  @Mutation(() => PromptPayload, { description: 'Changes a saved prompt’s tags, note or target.' })
  updatePrompt(
    @Arg('input', () => UpdatePromptInput, { description: 'The changes.' })
    input: UpdatePromptInput,
    @Ctx() context: RequestContext,
  ): Promise<PromptPayload> {
    return payloadOf(async () => ({
      prompt: await context.services.prompts.update(context.viewer, input),
    }))
  }

  @Mutation(() => DeletePayload, { description: 'Deletes a saved prompt. Its runs stay.' })
  deletePrompt(
    @Arg('id', () => ID, { description: 'Id of the prompt.' }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<DeletePayload> {
    return payloadOf(async () => ({
      deletedId: await context.services.prompts.remove(context.viewer, id),
    }))
  }

  @FieldResolver(() => Int, { description: 'How many runs used it.' })
  runCount(@Root() prompt: Prompt, @Ctx() context: RequestContext): Promise<number> {
    return context.loaders.promptRunCount.load(prompt.id)
  }

  @FieldResolver(() => Model, {
    nullable: true,
    description: 'The model it is usually read with; null when none was saved.',
  })
  model(@Root() prompt: Prompt, @Ctx() context: RequestContext): Promise<Model | null> | null {
    return prompt.modelId === null ? null : context.loaders.model.load(prompt.modelId)
  }

  @FieldResolver(() => String, { description: 'Name of who saved it.' })
  author(@Root() prompt: Prompt, @Ctx() context: RequestContext): Promise<string> {
    return context.loaders.userName.load(prompt.authorId)
  }

  @FieldResolver(() => LensRun, {
    nullable: true,
    description: 'The newest run that used it; null when there is none.',
  })
  lastRun(@Root() prompt: Prompt, @Ctx() context: RequestContext): Promise<LensRun | null> {
    return context.loaders.lastRunOfPrompt.load(prompt.id)
  }
}
