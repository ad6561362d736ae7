// GraphQL inputs of data sets.
import { Field, ID, InputType } from 'type-graphql'

@InputType({ description: 'A data set to import.' })
export class ImportDatasetInput {
  @Field(() => String, {
    description: '`upload:<id>`, the absolute path of a file on the server, or an https address.',
  })
  source!: string

  @Field(() => String, {
    nullable: true,
    description: 'What to call it; the file’s own name when absent.',
  })
  name?: string | null

  @Field(() => String, {
    nullable: true,
    description:
      'Format of the file: counterfact, easyedit, zsre, known or imprint; found out from its first record when absent.',
  })
  format?: string | null

  @Field(() => String, {
    nullable: true,
    description:
      'A name for this request: sent again, it returns the first import instead of a second.',
  })
  clientMutationId?: string | null
}

@InputType({ description: 'Which cases of a data set.' })
export class DatasetCaseFilter {
  @Field(() => String, {
    nullable: true,
    description: 'Whose subject or prompt holds this text, or whose id it is.',
  })
  search?: string | null

  @Field(() => [String], { nullable: true, description: 'Of these relations.' })
  relations?: string[] | null

  @Field(() => ID, {
    nullable: true,
    description: 'The model that `known` and `onlyKnown` are about.',
  })
  knownByModelId?: string | null

  @Field(() => Boolean, {
    nullable: true,
    description: 'Only cases whose true answer that model is known to give.',
  })
  onlyKnown?: boolean | null

  @Field(() => ID, { nullable: true, description: 'Of this slice.' })
  sliceId?: string | null
}
