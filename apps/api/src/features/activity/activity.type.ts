// GraphQL types of what happened in a project.
import { Field, ID, InputType, ObjectType } from 'type-graphql'
import { connectionTypeOf, edgeTypeOf } from '../../pagination/page.type.js'
import { AnchorInput } from '../anchor/anchor.input.js'

@ObjectType({ description: 'Something that somebody did in the project.' })
export class Activity {
  @Field(() => ID, { description: 'Opaque id.' })
  id!: string

  @Field(() => String, { description: 'What was done, such as `commented on` or `approved`.' })
  verb!: string

  @Field(() => String, { description: 'What kind of thing it was done to, such as `comment`.' })
  subjectKind!: string

  @Field(() => String, { description: 'What people call that thing.' })
  title!: string

  @Field(() => String, { description: 'Path of the page that shows it.' })
  path!: string

  @Field(() => Date, { description: 'When.' })
  createdAt!: Date

  /** Not a GraphQL field: read by `actor`. */
  actorId!: string
}

export const ActivityEdge = edgeTypeOf('Activity', () => Activity)
export const ActivityConnection = connectionTypeOf('Activity', ActivityEdge)

@InputType({ description: 'Which activity; all that is given must hold.' })
export class ActivityFilter {
  @Field(() => ID, { nullable: true, description: 'Of this person.' })
  actorId?: string | null

  @Field(() => String, {
    nullable: true,
    description: 'On this kind of thing: comment, review, annotation, edit, evaluation, member …',
  })
  subjectKind?: string | null

  @Field(() => AnchorInput, { nullable: true, description: 'About this or a part of it.' })
  anchor?: AnchorInput | null
}
