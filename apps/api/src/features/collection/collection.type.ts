// GraphQL types of collections.
import { Field, ID, Int, ObjectType } from 'type-graphql'
import { UserError } from '../../errors/user-error.type.js'
import { connectionTypeOf, edgeTypeOf } from '../../pagination/page.type.js'

@ObjectType({ description: 'Things in an order, with a note on each; shared by all annotators.' })
export class Collection {
  @Field(() => ID, { description: 'Opaque id.' })
  id!: string

  @Field(() => String, { description: 'Its name.' })
  name!: string

  @Field(() => String, { description: 'What it is for, in Markdown; may be empty.' })
  description!: string

  @Field(() => Int, { description: 'Grows when name or description change.' })
  version!: number

  @Field(() => Date, { description: 'When it was made.' })
  createdAt!: Date

  @Field(() => Date, { description: 'When it, or what is in it, was last changed.' })
  updatedAt!: Date

  /** Not a GraphQL field: read by `author`. */
  authorId!: string
}

@ObjectType({ description: 'One thing in a collection.' })
export class CollectionItem {
  @Field(() => ID, { description: 'Opaque id.' })
  id!: string

  @Field(() => Int, { description: 'Its place, from 0.' })
  place!: number

  @Field(() => String, { description: 'Why it is here; may be empty.' })
  note!: string

  @Field(() => Date, { description: 'When it was added.' })
  createdAt!: Date

  /** Not GraphQL fields: read by field resolvers. */
  addedById!: string
  anchorKey!: string
  anchorJson!: unknown
}

export const CollectionEdge = edgeTypeOf('Collection', () => Collection)
export const CollectionConnection = connectionTypeOf('Collection', CollectionEdge)
export const CollectionItemEdge = edgeTypeOf('CollectionItem', () => CollectionItem)
export const CollectionItemConnection = connectionTypeOf('CollectionItem', CollectionItemEdge)

@ObjectType({ description: 'What a mutation of a collection returns.' })
export class CollectionPayload {
  @Field(() => Collection, {
    nullable: true,
    description: 'The collection as it is now; null when there were errors.',
  })
  collection?: Collection | null

  @Field(() => [UserError], { description: 'What was wrong; empty when it worked.' })
  errors!: UserError[]
}

@ObjectType({ description: 'What adding to a collection returns.' })
export class AddToCollectionPayload {
  @Field(() => Collection, {
    nullable: true,
    description: 'The collection as it is now; null when there were errors.',
  })
  collection?: Collection | null

  @Field(() => Int, { nullable: true, description: 'Things that were added.' })
  added?: number | null

  @Field(() => Int, { nullable: true, description: 'Things that were in it already.' })
  skipped?: number | null

  @Field(() => [UserError], { description: 'What was wrong; empty when it worked.' })
  errors!: UserError[]
}

@ObjectType({ description: 'What a mutation of a collection’s item returns.' })
export class CollectionItemPayload {
  @Field(() => CollectionItem, {
    nullable: true,
    description: 'The item as it is now; null when there were errors.',
  })
  item?: CollectionItem | null

  @Field(() => [UserError], { description: 'What was wrong; empty when it worked.' })
  errors!: UserError[]
}
