// GraphQL types of comments: threads of one level, markers, and what those who watch hear.
import { Field, ID, Int, ObjectType } from 'type-graphql'
import { UserError } from '../../errors/user-error.type.js'
import { connectionTypeOf, edgeTypeOf } from '../../pagination/page.type.js'
import { commentChangeKinds } from '../../vocabulary/talk-names.js'
import type { CommentChangeKindKey } from '../../vocabulary/talk-names.js'
import { Anchor } from '../anchor/anchor.type.js'

@ObjectType({ description: 'One emoji under a comment, and who chose it.', simpleResolvers: true })
export class Reaction {
  @Field(() => String, { description: 'One of 👍 👎 ❤️ 🎉 🤔 👀 🚀 ❓.' })
  emoji!: string

  @Field(() => Int, { description: 'How many chose it.' })
  count!: number

  @Field(() => Boolean, { description: 'Whether you did.' })
  mine!: boolean

  @Field(() => [String], { description: 'Names of those who did, the first first; at most 20.' })
  people!: string[]
}

@ObjectType({ description: 'A comment; those without a parent begin a thread.' })
export class Comment {
  @Field(() => ID, { description: 'Opaque id.' })
  id!: string

  @Field(() => Anchor, { description: 'What it is about.' })
  anchor!: Anchor

  @Field(() => ID, { nullable: true, description: 'The comment it answers; null of a first one.' })
  parentId!: string | null

  @Field(() => String, {
    description: 'Markdown. HTML in it is text, never markup. Empty when deleted.',
  })
  body!: string

  @Field(() => Date, { nullable: true, description: 'When its thread was resolved.' })
  resolvedAt!: Date | null

  @Field(() => Date, { nullable: true, description: 'When its text was changed last.' })
  editedAt!: Date | null

  @Field(() => Boolean, { description: 'Whether only its place is left, for the answers’ sake.' })
  deleted!: boolean

  @Field(() => Date, { description: 'When it was written.' })
  createdAt!: Date

  @Field(() => Int, { description: 'Rises with every change of the text; send it when you edit.' })
  version!: number

  /** Not GraphQL fields: read by the field resolvers. */
  authorId!: string
  resolvedById!: string | null
  mentionIds!: string[]
  replyList!: Comment[] | null
}

export const CommentEdge = edgeTypeOf('Comment', () => Comment)
export const CommentConnection = connectionTypeOf('Comment', CommentEdge)

@ObjectType({ description: 'How much is said about one thing.', simpleResolvers: true })
export class CommentMarker {
  @Field(() => Anchor, { description: 'The thing.' })
  anchor!: Anchor

  @Field(() => Int, { description: 'Threads about it.' })
  threads!: number

  @Field(() => Int, { description: 'Those that are not resolved.' })
  unresolved!: number
}

@ObjectType({ description: 'Something that happened to the comments you watch.' })
export class CommentChange {
  @Field(() => ID, { nullable: true, description: 'Id of the comment; null of a snapshot.' })
  id!: string | null

  @Field(() => commentChangeKinds.values, { description: 'What happened.' })
  kind!: CommentChangeKindKey

  @Field(() => Comment, {
    nullable: true,
    description: 'As it is now; null when it is gone, and of a snapshot.',
  })
  comment!: Comment | null

  @Field(() => Int, { description: 'Comments that there are now, answers included.' })
  count!: number
}

@ObjectType({ description: 'What a mutation of a comment returns.' })
export class CommentPayload {
  @Field(() => Comment, {
    nullable: true,
    description: 'The comment as it is now; null when there were errors.',
  })
  comment?: Comment | null

  @Field(() => [UserError], { description: 'What was wrong; empty when it worked.' })
  errors!: UserError[]
}
