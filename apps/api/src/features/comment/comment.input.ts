// GraphQL input of comments.
import { Field, ID, InputType, Int } from 'type-graphql'
import { AnchorInput } from '../anchor/anchor.input.js'

@InputType({ description: 'A comment to write.' })
export class CommentInput {
  @Field(() => AnchorInput, {
    nullable: true,
    description: 'What it is about; not needed with parentId.',
  })
  anchor?: AnchorInput | null

  @Field(() => ID, { nullable: true, description: 'The first comment of the thread it answers.' })
  parentId?: string | null

  @Field(() => String, { description: 'Markdown of 1 to 20,000 characters; @handle tells people.' })
  body!: string

  @Field(() => String, {
    nullable: true,
    description: 'A name for this request: sent again, it returns the first comment.',
  })
  clientMutationId?: string | null
}

@InputType({ description: 'A new text of a comment.' })
export class EditCommentInput {
  @Field(() => ID, { description: 'Id of the comment.' })
  id!: string

  @Field(() => Int, { description: 'The version that was seen.' })
  version!: number

  @Field(() => String, { description: 'Markdown of 1 to 20,000 characters.' })
  body!: string
}

@InputType({ description: 'Whether a thread is settled.' })
export class ResolveCommentInput {
  @Field(() => ID, { description: 'Id of the thread’s first comment.' })
  id!: string

  @Field(() => Boolean, { description: 'True when it is settled.' })
  resolved!: boolean
}

@InputType({ description: 'An emoji under a comment.' })
export class ReactInput {
  @Field(() => ID, { description: 'Id of the comment.' })
  commentId!: string

  @Field(() => String, { description: 'One of 👍 👎 ❤️ 🎉 🤔 👀 🚀 ❓.' })
  emoji!: string

  @Field(() => Boolean, { description: 'Whether it should be there.' })
  on!: boolean
}
