// GraphQL types of the catalogue of edit methods.
import { GraphQLJSON } from 'graphql-scalars'
import { Field, Float, ObjectType } from 'type-graphql'
import {
  defaultsProvenances,
  editNeeds,
  hyperparameterKinds,
  requestsPerEditKinds,
} from '../../vocabulary/edit-names.js'
import type {
  DefaultsProvenanceKey,
  EditNeedKey,
  HyperparameterKindKey,
  RequestsPerEditKey,
} from '../../vocabulary/edit-names.js'
import { EditMethodNameScalar } from './edit-method-name.scalar.js'

@ObjectType({ description: 'One value that a hyperparameter can be chosen from.' })
export class HyperparameterChoice {
  @Field(() => String, { description: 'What to write.' })
  value!: string

  @Field(() => String, { description: 'What it does.' })
  explanation!: string
}

@ObjectType({ description: 'A value that was published or swept for some model.' })
export class PublishedValue {
  @Field(() => String, { description: 'For which model.' })
  model!: string

  @Field(() => GraphQLJSON, { nullable: true, description: 'The value; null means none.' })
  value!: unknown

  @Field(() => String, { description: 'Where it comes from.' })
  source!: string
}

@ObjectType({ description: 'One hyperparameter of a method, for one model.' })
export class HyperparameterInfo {
  @Field(() => String, { description: 'Its name, as in `hyperparameters` of an edit.' })
  name!: string

  @Field(() => String, { description: 'What a page calls it.' })
  title!: string

  @Field(() => String, { description: 'What it does.' })
  explanation!: string

  @Field(() => String, { description: 'What papers and their code use.' })
  literature!: string

  @Field(() => String, { description: 'Its unit; empty for plain numbers.' })
  unit!: string

  @Field(() => hyperparameterKinds.values, { description: 'What it may be.' })
  kind!: HyperparameterKindKey

  @Field(() => GraphQLJSON, {
    nullable: true,
    description: 'Its default for this model; null means none.',
  })
  default!: unknown

  @Field(() => Float, { nullable: true, description: 'Least value; null where there is none.' })
  min!: number | null

  @Field(() => Float, { nullable: true, description: 'Largest value; null where there is none.' })
  max!: number | null

  @Field(() => Boolean, { description: 'Whether null, meaning none, is allowed.' })
  optional!: boolean

  @Field(() => [HyperparameterChoice], {
    description: 'What can be chosen; empty for other kinds.',
  })
  choices!: HyperparameterChoice[]

  @Field(() => [PublishedValue], { description: 'Values for other models, cited.' })
  published!: PublishedValue[]
}

@ObjectType({ description: 'An edit method, as it is for one model.' })
export class EditMethodInfo {
  @Field(() => EditMethodNameScalar, { description: 'Its name.' })
  name!: string

  @Field(() => String, { description: 'What a page calls it.' })
  title!: string

  @Field(() => String, { description: 'What it does, in one paragraph.' })
  description!: string

  @Field(() => String, { description: 'Paper and equation, or code.' })
  source!: string

  @Field(() => requestsPerEditKinds.values, { description: 'How many requests an edit takes.' })
  requestsPerEdit!: RequestsPerEditKey

  @Field(() => [editNeeds.values], {
    description: 'What it needs besides the model and the requests.',
  })
  needs!: EditNeedKey[]

  @Field(() => [HyperparameterInfo], { description: 'Its hyperparameters, with their defaults.' })
  hyperparameters!: HyperparameterInfo[]

  @Field(() => defaultsProvenances.values, { description: 'Where the defaults come from.' })
  provenance!: DefaultsProvenanceKey

  @Field(() => String, { description: 'Where they come from, in words.' })
  defaultsSource!: string

  /** Not a GraphQL field. */
  modelId!: string
}
