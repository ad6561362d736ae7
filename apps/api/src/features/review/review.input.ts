// GraphQL input of reviews.
import { Field, ID, InputType, Int } from 'type-graphql'
import { roleNames } from '../../vocabulary/role-names.js'
import type { RoleKey } from '../../vocabulary/role-names.js'
import { reviewDecisions, reviewStates, reviewSubjects } from '../../vocabulary/talk-names.js'
import type {
  ReviewDecisionKey,
  ReviewStateKey,
  ReviewSubjectKey,
} from '../../vocabulary/talk-names.js'

@InputType({ description: 'A review to ask for.' })
export class RequestReviewInput {
  @Field(() => reviewSubjects.values, { description: 'What kind of thing is judged.' })
  subjectKind!: ReviewSubjectKey

  @Field(() => ID, { description: 'Id of that thing.' })
  subjectId!: string

  @Field(() => String, {
    nullable: true,
    description: 'What is asked, in at most 200 characters; the thing’s own title when absent.',
  })
  title?: string | null

  @Field(() => String, { nullable: true, description: 'Markdown of at most 20,000 characters.' })
  body?: string | null

  @Field(() => [ID], { nullable: true, description: 'Who is asked; at most 50 people.' })
  reviewerIds?: string[] | null

  @Field(() => [roleNames.values], { nullable: true, description: 'Which roles are asked.' })
  reviewerRoles?: RoleKey[] | null

  @Field(() => Boolean, { nullable: true, description: 'Whether nobody is asked yet.' })
  asDraft?: boolean | null

  @Field(() => String, {
    nullable: true,
    description: 'A name for this request: sent again, it returns the first review.',
  })
  clientMutationId?: string | null
}

@InputType({ description: 'A step of a review.' })
export class ReviewStepInput {
  @Field(() => ID, { description: 'Id of the review.' })
  id!: string

  @Field(() => Int, { description: 'The version that was seen.' })
  version!: number

  @Field(() => String, { nullable: true, description: 'Markdown of at most 20,000 characters.' })
  body?: string | null
}

@InputType({ description: 'A decision.' })
export class DecideReviewInput extends ReviewStepInput {
  @Field(() => reviewDecisions.values, { description: 'What it is.' })
  decision!: ReviewDecisionKey
}

@InputType({ description: 'Whom a review asks.' })
export class ChangeReviewersInput {
  @Field(() => ID, { description: 'Id of the review.' })
  id!: string

  @Field(() => Int, { description: 'The version that was seen.' })
  version!: number

  @Field(() => [ID], { nullable: true, description: 'Everyone who is asked; at most 50.' })
  reviewerIds?: string[] | null

  @Field(() => [roleNames.values], { nullable: true, description: 'Every role that is asked.' })
  reviewerRoles?: RoleKey[] | null
}

@InputType({ description: 'Which reviews; all that is given must hold.' })
export class ReviewFilter {
  @Field(() => reviewStates.values, { nullable: true, description: 'In this state.' })
  state?: ReviewStateKey | null

  @Field(() => reviewSubjects.values, { nullable: true, description: 'Of this kind of thing.' })
  subjectKind?: ReviewSubjectKey | null

  @Field(() => ID, { nullable: true, description: 'Of the thing with this id.' })
  subjectId?: string | null

  @Field(() => Boolean, { nullable: true, description: 'True: those that you asked for.' })
  mine?: boolean | null

  @Field(() => Boolean, {
    nullable: true,
    description: 'True: in review, and you are asked by name or role, or nobody is in particular.',
  })
  waitingForMe?: boolean | null
}
