// GraphQL types of the page of workers.
import { GraphQLJSON } from 'graphql-scalars'
import { Field, Float, ID, Int, ObjectType } from 'type-graphql'

@ObjectType({ description: 'Why a worker cannot compute.', simpleResolvers: true })
export class Trouble {
  @Field(() => String, { description: 'A closed code, explained in docs/errors.md.' })
  code!: string

  @Field(() => String, { description: 'What is the matter, in one sentence.' })
  message!: string

  @Field(() => String, { description: 'What to do about it.' })
  cure!: string
}

@ObjectType({ description: 'A process that computes.', simpleResolvers: true })
export class Worker {
  @Field(() => String, { description: 'Its id: machine, process, and a random part.' })
  id!: string

  @Field(() => String, { description: 'Name of its machine.' })
  machine!: string

  @Field(() => Int, { description: 'Its process id there.' })
  processId!: number

  @Field(() => Boolean, { description: 'Whether it was heard of in the last 30 seconds.' })
  alive!: boolean

  @Field(() => Date, { description: 'When it started.' })
  startedAt!: Date

  @Field(() => Date, { description: 'When it was heard of last.' })
  seenAt!: Date

  @Field(() => String, {
    nullable: true,
    description: 'Name of the processor or GPU that it takes by itself; null until it has looked.',
  })
  device!: string | null

  @Field(() => GraphQLJSON, {
    nullable: true,
    description: 'All ways of computing on its machine; null until it has looked.',
  })
  devices!: unknown

  @Field(() => String, { nullable: true, description: 'The model it used last.' })
  model!: string | null

  @Field(() => String, { nullable: true, description: 'What it is doing; null when it waits.' })
  doing!: string | null

  @Field(() => ID, { nullable: true, description: 'The evaluation it computes cases of.' })
  evaluationId!: string | null

  @Field(() => Float, {
    nullable: true,
    description: 'Edits of evaluations a second, over the last minute; null without any.',
  })
  casesPerSecond!: number | null

  @Field(() => Float, { nullable: true, description: 'Resident bytes of the worker itself.' })
  residentBytes!: number | null

  @Field(() => Float, { nullable: true, description: 'Resident bytes of its engine’s processes.' })
  engineBytes!: number | null

  @Field(() => [String], { description: 'Things worth knowing, such as models that it lacks.' })
  notes!: string[]

  @Field(() => Trouble, {
    nullable: true,
    description: 'Why it can compute nothing at all; null when it can, or is gone.',
  })
  trouble!: Trouble | null
}

@ObjectType({ description: 'What waits for a worker.', simpleResolvers: true })
export class QueueDepth {
  @Field(() => Int, { description: 'Lens runs.' })
  runs!: number

  @Field(() => Int, { description: 'Computations about edits.' })
  edits!: number

  @Field(() => Int, { description: 'Batches of evaluations that are not paused.' })
  batches!: number

  @Field(() => Int, { description: 'Slices that ask what a model knows.' })
  slices!: number

  @Field(() => Int, { description: 'Sets of figures.' })
  figures!: number

  @Field(() => Int, { description: 'Imports of models.' })
  imports!: number
}

@ObjectType({ description: 'Who computes, and what waits.', simpleResolvers: true })
export class WorkersReport {
  @Field(() => [Worker], { description: 'Those heard of in the last day, the living first.' })
  workers!: Worker[]

  @Field(() => String, {
    description: 'The command that starts a worker on another machine; its password is left out.',
  })
  command!: string

  @Field(() => QueueDepth, { description: 'What waits.' })
  queue!: QueueDepth
}
