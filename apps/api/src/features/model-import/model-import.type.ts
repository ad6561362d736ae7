// GraphQL types of models on their way into the store.
import { Field, Float, ID, Int, ObjectType } from 'type-graphql'
import { UserError } from '../../errors/user-error.type.js'
import { connectionTypeOf, edgeTypeOf } from '../../pagination/page.type.js'
import { importStages, importStates, modelSourceKinds } from '../../vocabulary/names.js'
import type { ImportStageKey, ImportStateKey, ModelSourceKindKey } from '../../vocabulary/names.js'

@ObjectType({ description: 'Why an attempt to bring a model in ended without one.' })
export class ImportError {
  @Field(() => String, { description: 'A closed code, explained in docs/errors.md.' })
  code!: string

  @Field(() => String, { description: 'What happened, in one sentence.' })
  message!: string

  @Field(() => String, { description: 'What to do about it.' })
  cure!: string

  @Field(() => Int, { description: 'The attempt that ended, counted from 1.' })
  attempt!: number

  @Field(() => Boolean, {
    description: 'Whether it was tried again after this; false means it ended here.',
  })
  retried!: boolean
}

@ObjectType({ description: 'A model on its way into the store: where from, and how far it is.' })
export class ModelImport {
  @Field(() => ID, { description: 'Opaque id.' })
  id!: string

  @Field(() => String, {
    description:
      'Where the model comes from: `hf:owner/name[@revision][:file.gguf]`, or a path on the server.',
  })
  source!: string

  @Field(() => modelSourceKinds.values, { description: 'What kind of place that is.' })
  kind!: ModelSourceKindKey

  @Field(() => String, { description: 'The name the model gets.' })
  name!: string

  @Field(() => importStates.values, { description: 'Where it is in its life.' })
  state!: ImportStateKey

  @Field(() => importStages.values, { description: 'What it is doing now.' })
  stage!: ImportStageKey

  @Field(() => Int, { description: 'Attempts begun so far; 2 after a worker was lost.' })
  attempt!: number

  @Field(() => Int, {
    description:
      'Grows with every change of progress; pass it as `afterVersion` to resume a subscription.',
  })
  progressVersion!: number

  @Field(() => String, {
    nullable: true,
    description: 'The file that is being brought in; null when there is none.',
  })
  file!: string | null

  @Field(() => Int, {
    nullable: true,
    description: 'Its place among the files, from 0; null when there is none.',
  })
  fileIndex!: number | null

  @Field(() => Int, {
    nullable: true,
    description: 'How many files are needed; null while that is not known.',
  })
  fileCount!: number | null

  @Field(() => Float, {
    nullable: true,
    description: 'Bytes that are here, those of earlier attempts included; null where none travel.',
  })
  receivedBytes!: number | null

  @Field(() => Float, {
    nullable: true,
    description: 'Bytes of all files; null while that is not known.',
  })
  totalBytes!: number | null

  @Field(() => Float, {
    nullable: true,
    description: 'Bytes that arrived each second of the last few; null when none do.',
  })
  bytesPerSecond!: number | null

  @Field(() => Float, {
    nullable: true,
    description: 'Seconds until every byte is here at that rate; null while it is not known.',
  })
  secondsLeft!: number | null

  @Field(() => [String], {
    description: 'Things worth knowing that are no failure, one sentence each.',
  })
  notes!: string[]

  @Field(() => ImportError, {
    nullable: true,
    description: 'How the last unsuccessful attempt ended; null when there was none.',
  })
  error!: ImportError | null

  @Field(() => Date, { description: 'When it was asked for.' })
  createdAt!: Date

  @Field(() => Date, {
    nullable: true,
    description: 'When its first attempt began; null while it waits.',
  })
  startedAt!: Date | null

  @Field(() => Date, { nullable: true, description: 'When it ended; null before.' })
  finishedAt!: Date | null

  /** Not GraphQL fields: read by the field resolvers. */
  modelId!: string | null
  authorId!: string
}

export const ModelImportEdge = edgeTypeOf('ModelImport', () => ModelImport)
export const ModelImportConnection = connectionTypeOf('ModelImport', ModelImportEdge)

@ObjectType({ description: 'What a mutation of an import returns.' })
export class ModelImportPayload {
  @Field(() => ModelImport, {
    nullable: true,
    description: 'The import as it is now; null when there were errors.',
  })
  modelImport?: ModelImport | null

  @Field(() => [UserError], { description: 'What was wrong; empty when it worked.' })
  errors!: UserError[]
}

@ObjectType({ description: 'What is known of a source before anything is brought in.' })
export class ModelSourceCheck {
  @Field(() => modelSourceKinds.values, {
    nullable: true,
    description: 'What kind of place it names; null when it names none.',
  })
  kind!: ModelSourceKindKey | null

  @Field(() => String, {
    nullable: true,
    description: 'The source as it would be kept; null when it names none.',
  })
  source!: string | null

  @Field(() => String, {
    nullable: true,
    description: 'The name the model would get; null when the source names none.',
  })
  name!: string | null

  @Field(() => [UserError], { description: 'What is wrong with it; empty when it can be added.' })
  errors!: UserError[]
}
