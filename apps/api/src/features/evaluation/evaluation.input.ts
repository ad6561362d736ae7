// GraphQL inputs of evaluations.
import { GraphQLJSON } from 'graphql-scalars'
import { Field, ID, InputType, Int } from 'type-graphql'
import { evaluationStates } from '../../vocabulary/evaluation-names.js'
import type { EvaluationStateKey } from '../../vocabulary/evaluation-names.js'
import { providerChoices } from '../../vocabulary/names.js'
import type { ProviderChoiceKey } from '../../vocabulary/names.js'
import { EditMethodNameScalar } from '../edit/edit-method-name.scalar.js'
import { ProtocolNameScalar } from '../protocol/protocol-name.scalar.js'

@InputType({ description: 'A model with an edit method and its hyperparameters.' })
export class ArmInput {
  @Field(() => String, {
    nullable: true,
    description:
      'Its name in the evaluation; the method’s, with the model’s where there are several.',
  })
  name?: string | null

  @Field(() => ID, { description: 'Id of the model.' })
  modelId!: string

  @Field(() => EditMethodNameScalar, { description: 'The method; `editMethods` lists them.' })
  method!: string

  @Field(() => GraphQLJSON, {
    nullable: true,
    description: 'An object with the hyperparameters that differ from the defaults.',
  })
  hyperparameters?: unknown
}

@InputType({ description: 'An evaluation to start, or to estimate.' })
export class StartEvaluationInput {
  @Field(() => String, {
    nullable: true,
    description: 'A name of at most 200 characters; its methods and its slice when absent.',
  })
  name?: string | null

  @Field(() => String, { nullable: true, description: 'Anything worth knowing about it.' })
  note?: string | null

  @Field(() => ID, { description: 'Id of the slice whose cases are edited.' })
  sliceId!: string

  @Field(() => ProtocolNameScalar, {
    description: 'How edits are measured; `protocols` lists them.',
  })
  protocol!: string

  @Field(() => [ArmInput], { description: 'What is compared: 1 to 64 arms.' })
  arms!: ArmInput[]

  @Field(() => Int, {
    nullable: true,
    description: 'How many cases of the slice, from its first; all when absent.',
  })
  cases?: number | null

  @Field(() => Int, { nullable: true, description: 'Seed of everything random; 0 when absent.' })
  seed?: number | null

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether the divergence of neighbors from the base model is read; true when absent.',
  })
  divergence?: boolean | null

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether texts are written before and after each edit; false when absent.',
  })
  generation?: boolean | null

  @Field(() => Int, {
    nullable: true,
    description:
      'Cases computed together, 1 to 1000; what an interruption loses at most. 8 when absent.',
  })
  casesPerBatch?: number | null

  @Field(() => Int, {
    nullable: true,
    description: 'Threads of one operator; the worker’s own setting when absent.',
  })
  threads?: number | null

  @Field(() => providerChoices.values, {
    nullable: true,
    description: 'Where to compute; `AUTO` when absent.',
  })
  provider?: ProviderChoiceKey | null

  @Field(() => Int, {
    nullable: true,
    description: 'From -100 to 100; higher goes first. 0 when absent.',
  })
  priority?: number | null

  @Field(() => String, { nullable: true, description: 'The preset that it was made from.' })
  preset?: string | null

  @Field(() => ID, { nullable: true, description: 'The evaluation that it is a changed copy of.' })
  clonedFromId?: string | null

  @Field(() => String, {
    nullable: true,
    description:
      'A name for this request: sent again, it returns the first evaluation instead of a second.',
  })
  clientMutationId?: string | null
}

@InputType({ description: 'Which evaluations to list; all conditions hold together.' })
export class EvaluationFilter {
  @Field(() => evaluationStates.values, { nullable: true, description: 'In this state.' })
  state?: EvaluationStateKey | null

  @Field(() => ProtocolNameScalar, { nullable: true, description: 'Under this protocol.' })
  protocol?: string | null

  @Field(() => ID, { nullable: true, description: 'With an arm on this model.' })
  modelId?: string | null

  @Field(() => EditMethodNameScalar, { nullable: true, description: 'With an arm of this method.' })
  method?: string | null

  @Field(() => String, {
    nullable: true,
    description: 'Name or note contains this, in any case.',
  })
  search?: string | null
}
