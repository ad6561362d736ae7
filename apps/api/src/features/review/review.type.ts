// GraphQL types of reviews.
import { Field, ID, Int, ObjectType } from 'type-graphql'
import { UserError } from '../../errors/user-error.type.js'
import { connectionTypeOf, edgeTypeOf } from '../../pagination/page.type.js'
import { roleNames } from '../../vocabulary/role-names.js'
import type { RoleKey } from '../../vocabulary/role-names.js'
import { reviewStates, reviewSubjects } from '../../vocabulary/talk-names.js'
import type { ReviewStateKey, ReviewSubjectKey } from '../../vocabulary/talk-names.js'

@ObjectType({ description: 'A step of a review’s history; there is one for every version.' })
export class ReviewEvent {
  @Field(() => ID, { description: 'Opaque id.' })
  id!: string

  @Field(() => String, {
    description:
      'requested, submitted, approved, changes-requested, withdrawn, reopened or reviewers-changed; decided by who asked, as nobody else could: self-approved, self-changes-requested.',
  })
  kind!: string

  @Field(() => reviewStates.values, {
    nullable: true,
    description: 'The state before; null of the first.',
  })
  from!: ReviewStateKey | null

  @Field(() => reviewStates.values, { nullable: true, description: 'The state after.' })
  to!: ReviewStateKey | null

  @Field(() => String, { nullable: true, description: 'What was said: markdown without HTML.' })
  body!: string | null

  @Field(() => Int, { description: 'The review’s version after it.' })
  version!: number

  @Field(() => Date, { description: 'When.' })
  createdAt!: Date

  /** Not a GraphQL field: read by `actor`. */
  actorId!: string
}

@ObjectType({ description: 'A request that others judge an edit, an annotation or an evaluation.' })
export class Review {
  @Field(() => ID, { description: 'Opaque id.' })
  id!: string

  @Field(() => reviewSubjects.values, { description: 'What kind of thing is judged.' })
  subjectKind!: ReviewSubjectKey

  @Field(() => ID, { description: 'Id of that thing.' })
  subjectId!: string

  @Field(() => String, { description: 'What is asked, in a line.' })
  title!: string

  @Field(() => String, { description: 'What is asked: markdown without HTML.' })
  body!: string

  @Field(() => reviewStates.values, { description: 'Where it is.' })
  state!: ReviewStateKey

  @Field(() => Int, { description: 'Rises with every step; send the one you saw.' })
  version!: number

  @Field(() => Int, { description: 'From 1; rises with every resubmission and reopening.' })
  round!: number

  @Field(() => [roleNames.values], { description: 'Everybody with one of these roles is asked.' })
  reviewerRoles!: RoleKey[]

  @Field(() => Date, { description: 'When it was made.' })
  createdAt!: Date

  @Field(() => Date, { description: 'When its last step was.' })
  updatedAt!: Date

  @Field(() => Date, {
    nullable: true,
    description: 'Since when reviewers are waited for; null while they are not.',
  })
  waitingSince!: Date | null

  /** Not GraphQL fields: read by the field resolvers. */
  requestedById!: string
  subjectDigest!: string | null
}

export const ReviewEdge = edgeTypeOf('Review', () => Review)
export const ReviewConnection = connectionTypeOf('Review', ReviewEdge)

@ObjectType({ description: 'What a mutation of a review returns.' })
export class ReviewPayload {
  @Field(() => Review, {
    nullable: true,
    description: 'The review as it is now; null when there were errors.',
  })
  review?: Review | null

  @Field(() => [UserError], { description: 'What was wrong; empty when it worked.' })
  errors!: UserError[]
}
