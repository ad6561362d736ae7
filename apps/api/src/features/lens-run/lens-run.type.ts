// GraphQL types of lens runs and their progress.
import { Field, Float, ID, Int, ObjectType } from 'type-graphql'
import { UserError } from '../../errors/user-error.type.js'
import { connectionTypeOf, edgeTypeOf } from '../../pagination/page.type.js'
import {
  lensKinds,
  providerChoices,
  runStages,
  runStates,
  streamPasses,
  targetModes,
} from '../../vocabulary/names.js'
import type {
  LensKindKey,
  ProviderChoiceKey,
  RunStageKey,
  RunStateKey,
  StreamPassKey,
  TargetModeKey,
} from '../../vocabulary/names.js'

@ObjectType({ description: 'Why an attempt of a run ended without results.' })
export class RunError {
  @Field(() => String, { description: 'A closed code, explained in docs/errors.md.' })
  code!: string

  @Field(() => String, { description: 'What happened, in one sentence.' })
  message!: string

  @Field(() => String, { description: 'What to do about it.' })
  cure!: string

  @Field(() => Int, { description: 'The attempt that ended, counted from 1.' })
  attempt!: number

  @Field(() => Boolean, {
    description: 'Whether the run was tried again after this; false means it ended here.',
  })
  retried!: boolean
}

@ObjectType({
  description: 'Where a run is whose model is computed one block at a time, to spare memory.',
})
export class RunBlock {
  @Field(() => streamPasses.values, { description: 'Which way it goes through the blocks.' })
  pass!: StreamPassKey

  @Field(() => Int, {
    description: 'The block it is at, counted from 0; backward it begins with the last.',
  })
  layer!: number

  @Field(() => Int, { description: 'Blocks of the model.' })
  layers!: number

  @Field(() => Float, {
    nullable: true,
    description: 'Estimated seconds to the end, by the blocks so far; null before the first.',
  })
  secondsLeft!: number | null
}

@ObjectType({
  description:
    'One reading of a gradient: a model, a prompt, a target, and what the gradient says at every layer and position.',
})
export class LensRun {
  @Field(() => ID, { description: 'Opaque id.' })
  id!: string

  @Field(() => String, { nullable: true, description: 'A name; null when it was not given one.' })
  name!: string | null

  @Field(() => String, {
    nullable: true,
    description: 'The prompt; null when it was given as token ids.',
  })
  promptText!: string | null

  @Field(() => String, {
    nullable: true,
    description: 'The target, with its leading space; null when it was given as token ids.',
  })
  targetText!: string | null

  @Field(() => [Int], { description: 'The prompt as token ids.' })
  promptIds!: number[]

  @Field(() => targetModes.values, { description: 'Which tokens of the target the loss scores.' })
  targetMode!: TargetModeKey

  @Field(() => lensKinds.values, { description: 'How vectors become logits.' })
  lens!: LensKindKey

  @Field(() => Int, { description: 'Tokens kept at each end of a projection.' })
  topK!: number

  @Field(() => providerChoices.values, {
    description: 'Where it was asked to be computed; `device` says where it was.',
  })
  provider!: ProviderChoiceKey

  @Field(() => [ID], {
    description: 'Edits the model runs under, in order; empty for the model as it is.',
  })
  editIds!: string[]

  @Field(() => runStates.values, { description: 'Where it is in its life.' })
  state!: RunStateKey

  @Field(() => runStages.values, { description: 'What it is doing now.' })
  stage!: RunStageKey

  @Field(() => RunBlock, {
    nullable: true,
    description: 'The block it is at, while it goes one block at a time; null otherwise.',
  })
  block!: RunBlock | null

  @Field(() => Int, {
    description: 'Attempts begun so far; 2 after a crash of the engine or of a worker.',
  })
  attempt!: number

  @Field(() => Int, {
    description:
      'Grows with every change of progress; pass it as `afterVersion` to resume a subscription.',
  })
  progressVersion!: number

  @Field(() => RunError, {
    nullable: true,
    description: 'How the last unsuccessful attempt ended; stays when a retry then worked.',
  })
  error!: RunError | null

  @Field(() => Float, {
    nullable: true,
    description: 'The loss: sum over the scored target tokens of -log p, in nats; null until done.',
  })
  loss!: number | null

  @Field(() => Int, { nullable: true, description: 'Tokens of the prompt; null until done.' })
  promptLength!: number | null

  @Field(() => String, {
    description:
      'SHA-256 of what was asked: model, tokens, target, mode, lens, matrices, edits, and a device named. Equal for equal questions.',
  })
  configDigest!: string

  @Field(() => Date, { description: 'When it was created.' })
  createdAt!: Date

  @Field(() => Date, {
    nullable: true,
    description: 'When its first attempt began; null while it waits.',
  })
  startedAt!: Date | null

  @Field(() => Date, { nullable: true, description: 'When it ended; null before.' })
  finishedAt!: Date | null

  @Field(() => Float, {
    nullable: true,
    description: 'Seconds from the first attempt’s beginning to the end; null before the end.',
  })
  durationSeconds!: number | null

  /** Not GraphQL fields: read by the field resolvers. */
  modelId!: string
  promptId!: string | null
  authorId!: string
  targetIds!: number[]
}

export const LensRunEdge = edgeTypeOf('LensRun', () => LensRun)
export const LensRunConnection = connectionTypeOf('LensRun', LensRunEdge)

@ObjectType({ description: 'What a mutation of a run returns.' })
export class LensRunPayload {
  @Field(() => LensRun, {
    nullable: true,
    description: 'The run as it is now; null when there were errors.',
  })
  run?: LensRun | null

  @Field(() => [UserError], { description: 'What was wrong; empty when it worked.' })
  errors!: UserError[]
}

@ObjectType({ description: 'A snapshot of a run’s progress.' })
export class LensRunProgress {
  @Field(() => ID, { description: 'Id of the run.' })
  runId!: string

  @Field(() => Int, { description: 'Grows with every change; never sent in falling order.' })
  version!: number

  @Field(() => runStates.values, { description: 'Where the run is in its life.' })
  state!: RunStateKey

  @Field(() => runStages.values, { description: 'What it is doing now.' })
  stage!: RunStageKey

  @Field(() => Int, {
    nullable: true,
    description: 'Its place in the queue, 1 = next; null when it does not wait.',
  })
  queuePosition!: number | null

  @Field(() => RunBlock, {
    nullable: true,
    description: 'The block it is at, while it goes one block at a time; null otherwise.',
  })
  block!: RunBlock | null

  @Field(() => Int, { description: 'Attempts begun so far.' })
  attempt!: number

  @Field(() => RunError, {
    nullable: true,
    description: 'How the last unsuccessful attempt ended; null when there was none.',
  })
  error!: RunError | null

  @Field(() => Float, {
    nullable: true,
    description:
      'Estimated seconds from now to the end, from earlier runs of this model; null when there are none.',
  })
  estimateSeconds!: number | null

  @Field(() => Float, { description: 'Seconds since the run was created, or until it ended.' })
  elapsedSeconds!: number
}
