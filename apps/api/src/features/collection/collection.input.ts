// GraphQL inputs of collections.
import { Field, ID, InputType, Int } from 'type-graphql'
import { AnchorInput } from '../anchor/anchor.input.js'

@InputType({ description: 'A new collection.' })
export class CreateCollectionInput {
  @Field(() => String, { description: 'Its name; at most 120 characters.' })
  name!: string

  @Field(() => String, {
    nullable: true,
    description: 'What it is for, in Markdown; at most 5,000 characters.',
  })
  description?: string | null

  @Field(() => String, {
    nullable: true,
    description: 'A name for this request: sent again, it returns the first result.',
  })
  clientMutationId?: string | null
}

@InputType({ description: 'Changes to a collection; what is absent stays as it is.' })
export class UpdateCollectionInput {
  @Field(() => ID, { description: 'Id of the collection.' })
  id!: string

  @Field(() => Int, { description: 'The version that was seen; another one is a CONFLICT.' })
  version!: number

  @Field(() => String, { nullable: true, description: 'Its name from now on.' })
  name?: string | null

  @Field(() => String, { nullable: true, description: 'Its description from now on.' })
  description?: string | null
}

@InputType({ description: 'Things to add at the end of a collection.' })
export class AddToCollectionInput {
  @Field(() => ID, { description: 'Id of the collection.' })
  collectionId!: string

  @Field(() => [AnchorInput], { description: 'From 1 to 500 things; those in it already stay.' })
  anchors!: AnchorInput[]

  @Field(() => String, {
    nullable: true,
    description: 'A note for each of them; at most 2,000 characters.',
  })
  note?: string | null
}

@InputType({ description: 'Changes to an item; what is absent stays as it is.' })
export class UpdateCollectionItemInput {
  @Field(() => ID, { description: 'Id of the item.' })
  id!: string

  @Field(() => String, { nullable: true, description: 'Its note from now on.' })
  note?: string | null

  @Field(() => Int, {
    nullable: true,
    description: 'Its place from now on, from 0; too far is the end. The others move up.',
  })
  place?: number | null
}

@InputType({ description: 'Which collections to list.' })
export class CollectionFilter {
  @Field(() => String, {
    nullable: true,
    description: 'Name or description contains this, in any case.',
  })
  search?: string | null
}
