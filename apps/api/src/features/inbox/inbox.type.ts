// GraphQL types of an inbox: what awaits one person in one project.
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { UserError } from '../../errors/user-error.type.js'
import { connectionTypeOf, edgeTypeOf } from '../../pagination/page.type.js'
import { inboxKinds } from '../../vocabulary/talk-names.js'
import type { InboxKindKey } from '../../vocabulary/talk-names.js'

@ObjectType({ description: 'Something that somebody should look at.' })
export class InboxItem {
  @Field(() => ID, { description: 'Opaque id.' })
  id!: string

  @Field(() => inboxKinds.values, { description: 'Why it is here.' })
  kind!: InboxKindKey

  @Field(() => String, { description: 'What it is about.' })
  title!: string

  @Field(() => String, { description: 'Path of the page to open.' })
  path!: string

  @Field(() => Date, { description: 'When it came.' })
  createdAt!: Date

  @Field(() => Date, { nullable: true, description: 'When it was read; null while it is new.' })
  readAt!: Date | null

  /** Not a GraphQL field: read by `actor`. */
  actorId!: string
}

export const InboxEdge = edgeTypeOf('InboxItem', () => InboxItem)
export const InboxConnection = connectionTypeOf('InboxItem', InboxEdge)

@ObjectType({ description: 'How full an inbox is.' })
export class InboxState {
  @Field(() => Int, { description: 'Items that were not read.' })
  unread!: number

  @Field(() => InboxItem, { nullable: true, description: 'The newest item; null when empty.' })
  newest!: InboxItem | null
}

@InputType({ description: 'What was read.' })
export class ReadInboxInput {
  @Field(() => [ID], { nullable: true, description: 'These items; at most 500.' })
  ids?: string[] | null

  @Field(() => Boolean, { nullable: true, description: 'Everything in this project.' })
  all?: boolean | null
}

@ObjectType({ description: 'What marking items as read returns.' })
export class ReadInboxPayload {
  @Field(() => Int, { nullable: true, description: 'Items that were new before.' })
  read?: number | null

  @Field(() => Int, { nullable: true, description: 'Items that are new still.' })
  unread?: number | null

  @Field(() => [UserError], { description: 'What was wrong; empty when it worked.' })
  errors!: UserError[]
}
