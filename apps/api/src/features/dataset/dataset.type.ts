// GraphQL types of data sets and their cases.
import { Field, Float, ID, Int, ObjectType } from 'type-graphql'
import { UserError } from '../../errors/user-error.type.js'
import { connectionTypeOf, edgeTypeOf } from '../../pagination/page.type.js'
import { Neighbor } from '../edit/edit.type.js'
import { ProtocolNameScalar } from '../protocol/protocol-name.scalar.js'

@ObjectType({
  description: 'How many cases of a data set have each thing that a protocol asks for.',
})
export class DatasetFeatures {
  @Field(() => Int, { description: 'Cases with the fact in other words.' })
  paraphrases!: number

  @Field(() => Int, { description: 'Cases with prompts about other facts.' })
  neighbors!: number

  @Field(() => Int, { description: 'Cases with texts to continue.' })
  generationPrompts!: number

  @Field(() => Int, { description: 'Cases with the answer of the unedited world.' })
  trueAnswers!: number

  @Field(() => Int, { description: 'Cases with an answer to write.' })
  newTargets!: number

  @Field(() => Int, { description: 'Cases with questions that follow from the edit.' })
  portability!: number
}

@ObjectType({ description: 'A record of a file that could not be used.' })
export class DatasetRejection {
  @Field(() => Int, { description: 'Number of the record in the file, from 1.' })
  record!: number

  @Field(() => String, {
    nullable: true,
    description: 'The field it is about; null when it is about the record.',
  })
  field!: string | null

  @Field(() => String, { description: 'What is wrong with it.' })
  reason!: string
}

@ObjectType({ description: 'The cases of a data set that share a relation.' })
export class DatasetRelation {
  @Field(() => String, {
    description: 'Its id in the file, or the prompt with `{}` where the file has none.',
  })
  relation!: string

  @Field(() => Int, { description: 'How many cases.' })
  cases!: number

  @Field(() => String, { description: 'The first one’s prompt, with its subject.' })
  example!: string
}

@ObjectType({ description: 'One case: a fact to write and what to measure the edit with.' })
export class DatasetCase {
  @Field(() => Int, { description: 'Its place in the data set, from 0.' })
  place!: number

  @Field(() => String, { description: 'Its id in the file.' })
  caseId!: string

  @Field(() => String, { description: 'Its relation.' })
  relation!: string

  @Field(() => String, { description: 'The subject.' })
  subject!: string

  @Field(() => String, { description: 'The prompt, with `{}` in the subject’s place.' })
  prompt!: string

  @Field(() => String, { nullable: true, description: 'The answer to write; null in known facts.' })
  targetNew!: string | null

  @Field(() => String, {
    nullable: true,
    description: 'The answer of the unedited world; null where the file has none.',
  })
  targetTrue!: string | null

  @Field(() => [String], { description: 'The same fact asked for in other words.' })
  paraphrases!: string[]

  @Field(() => [Neighbor], { description: 'Prompts about other facts, with their answers.' })
  neighbors!: Neighbor[]

  @Field(() => [String], { description: 'Texts to continue.' })
  generationPrompts!: string[]

  @Field(() => String, {
    nullable: true,
    description:
      'How much of the true answer the asked model gives: `none`, `first` (its first token) or `all`; null when it was not asked.',
  })
  known!: string | null
}

@ObjectType({ description: 'Some cases of a data set, in its order.' })
export class DatasetCasePage {
  @Field(() => [DatasetCase], { description: 'The cases.' })
  cases!: DatasetCase[]

  @Field(() => Int, { description: 'How many fit the filter in all.' })
  total!: number
}

@ObjectType({ description: 'One version of a set of cases; its cases never change.' })
export class Dataset {
  @Field(() => ID, { description: 'Opaque id.' })
  id!: string

  @Field(() => String, { description: 'Its name.' })
  name!: string

  @Field(() => Int, { description: 'Its version among data sets of the name, from 1.' })
  version!: number

  @Field(() => String, { description: 'SHA-256 of the file; the same file is the same data set.' })
  digest!: string

  @Field(() => String, {
    description: 'Format of the file, by the name it has on the command line.',
  })
  format!: string

  @Field(() => String, { description: 'The format’s title.' })
  formatTitle!: string

  @Field(() => String, { description: 'Where the file came from.' })
  source!: string

  @Field(() => Float, { description: 'Size of the file.' })
  bytes!: number

  @Field(() => Int, { description: 'How many cases.' })
  cases!: number

  @Field(() => Int, { description: 'How many records of the file could not be used.' })
  rejected!: number

  @Field(() => DatasetFeatures, { description: 'What its cases have.' })
  features!: DatasetFeatures

  @Field(() => [ProtocolNameScalar], { description: 'The protocols that can score it.' })
  protocols!: string[]

  @Field(() => Boolean, { description: 'Whether it comes with Imprint.' })
  bundled!: boolean

  @Field(() => Date, { description: 'When it was imported.' })
  createdAt!: Date

  @Field(() => String, { description: 'Its cases as Imprint’s JSON lines: a path of this server.' })
  downloadUrl!: string

  /** Not a GraphQL field: read by `author`. */
  authorId!: string
}

export const DatasetEdge = edgeTypeOf('Dataset', () => Dataset)
export const DatasetConnection = connectionTypeOf('Dataset', DatasetEdge)

@ObjectType({ description: 'What a mutation of a data set returns.' })
export class DatasetPayload {
  @Field(() => Dataset, {
    nullable: true,
    description: 'The data set as it is now; null when there were errors.',
  })
  dataset?: Dataset | null

  @Field(() => [UserError], { description: 'What was wrong; empty when it worked.' })
  errors!: UserError[]
}
