// GraphQL inputs of imports.
import { Field, InputType } from 'type-graphql'
import { importStates } from '../../vocabulary/names.js'
import type { ImportStateKey } from '../../vocabulary/names.js'

@InputType({ description: 'A model to bring into the store.' })
export class AddModelInput {
  @Field(() => String, {
    description:
      '`hf:owner/name[@revision][:file.gguf]` for a hub, or the absolute path of a directory or a `.gguf` file on the server.',
  })
  source!: string

  @Field(() => String, {
    nullable: true,
    description: 'What to call it; the repository’s, directory’s or file’s own name when absent.',
  })
  name?: string | null

  @Field(() => String, {
    nullable: true,
    description:
      'A name for this request: sent again, it returns the first import instead of a second.',
  })
  clientMutationId?: string | null
}

@InputType({ description: 'Which imports to list.' })
export class ModelImportFilter {
  @Field(() => importStates.values, { nullable: true, description: 'In this state.' })
  state?: ImportStateKey | null
}
