// GraphQL types of the audit log.
import { Field, ID, InputType, ObjectType } from 'type-graphql'
import { connectionTypeOf, edgeTypeOf } from '../../pagination/page.type.js'
import { viaNames } from '../../vocabulary/account-names.js'
import type { ViaKey } from '../../vocabulary/account-names.js'

@ObjectType({ description: 'One write: who did what to what.' })
export class AuditEvent {
  @Field(() => ID, { description: 'Opaque id.' })
  id!: string

  @Field(() => viaNames.values, { nullable: true, description: 'How they said who they were.' })
  via!: ViaKey | null

  @Field(() => String, { description: 'What was done, such as `prompt.save`.' })
  action!: string

  @Field(() => String, { description: 'Id of what it was done to.' })
  subject!: string

  @Field(() => String, { nullable: true, description: 'What was changed, as JSON; no secrets.' })
  detailJson!: string | null

  @Field(() => Date, { description: 'When.' })
  createdAt!: Date

  /** Not a GraphQL field: read by `actor`. */
  actorId!: string
}

export const AuditEventEdge = edgeTypeOf('AuditEvent', () => AuditEvent)
export const AuditEventConnection = connectionTypeOf('AuditEvent', AuditEventEdge)

@InputType({ description: 'Which events to list; all conditions hold together.' })
export class AuditFilter {
  @Field(() => ID, { nullable: true, description: 'Done by this person.' })
  actorId?: string | null

  @Field(() => String, { nullable: true, description: 'An action, or its beginning: `edit`.' })
  action?: string | null

  @Field(() => String, { nullable: true, description: 'Done to what has this id.' })
  subject?: string | null

  @Field(() => Date, { nullable: true, description: 'At this time or later.' })
  since?: Date | null
}
