// GraphQL types of data sets on their way in.
import { Field, Float, ID, Int, ObjectType } from 'type-graphql'
import { UserError } from '../../errors/user-error.type.js'
import { connectionTypeOf, edgeTypeOf } from '../../pagination/page.type.js'
import { importStates } from '../../vocabulary/names.js'
import type { ImportStateKey } from '../../vocabulary/names.js'
import { RunError } from '../lens-run/lens-run.type.js'
import { DatasetRejection } from './dataset.type.js'

@ObjectType({
  description: 'A data set on its way in: all of it is stored in the end, or nothing.',
})
export class DatasetImport {
  @Field(() => ID, { description: 'Opaque id.' })
  id!: string

  @Field(() => String, { description: '`upload:<id>`, a path on the server, or an address.' })
  source!: string

  @Field(() => String, { description: 'The name the data set gets.' })
  name!: string

  @Field(() => importStates.values, { description: 'Where it is in its life.' })
  state!: ImportStateKey

  @Field(() => String, {
    description: 'What it is doing: `queued`, `looking`, `downloading`, `storing` or `done`.',
  })
  stage!: string

  @Field(() => Float, { description: 'Bytes that arrived, or were read, in this stage.' })
  receivedBytes!: number

  @Field(() => Float, { nullable: true, description: 'Bytes in all; null while it is not known.' })
  totalBytes!: number | null

  @Field(() => Int, { description: 'Records that were read.' })
  records!: number

  @Field(() => Int, { description: 'Of those, how many cannot be used.' })
  rejected!: number

  @Field(() => [DatasetRejection], { description: 'The first twenty of them.' })
  rejections!: DatasetRejection[]

  @Field(() => Float, {
    nullable: true,
    description: 'Seconds to the end of the stage at its pace so far; null while it is not known.',
  })
  secondsLeft!: number | null

  @Field(() => Int, {
    description: 'Grows with every change; pass it as `afterVersion` to resume a subscription.',
  })
  version!: number

  @Field(() => RunError, { nullable: true, description: 'Why it failed; null when it did not.' })
  error!: RunError | null

  @Field(() => Date, { description: 'When it was asked for.' })
  createdAt!: Date

  /** Not a GraphQL field: read by `dataset`. */
  datasetId!: string | null
}

export const DatasetImportEdge = edgeTypeOf('DatasetImport', () => DatasetImport)
export const DatasetImportConnection = connectionTypeOf('DatasetImport', DatasetImportEdge)

@ObjectType({ description: 'What a mutation of an import of a data set returns.' })
export class DatasetImportPayload {
  @Field(() => DatasetImport, {
    nullable: true,
    description: 'The import as it is now; null when there were errors.',
  })
  datasetImport?: DatasetImport | null

  @Field(() => [UserError], { description: 'What was wrong; empty when it worked.' })
  errors!: UserError[]
}
