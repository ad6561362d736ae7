// GraphQL types of API keys and share links.
import { Field, ID, Int, ObjectType } from 'type-graphql'
import { UserError } from '../../errors/user-error.type.js'
import { connectionTypeOf, edgeTypeOf } from '../../pagination/page.type.js'
import { actionNames } from '../../vocabulary/account-names.js'
import type { ActionKey } from '../../vocabulary/account-names.js'

@ObjectType({ description: 'A key by which a script acts as a person in one project.' })
export class ApiKey {
  @Field(() => ID, { description: 'Opaque id.' })
  id!: string

  @Field(() => String, { description: 'What it is for.' })
  name!: string

  @Field(() => String, { description: 'How the key begins; the rest was shown once.' })
  start!: string

  @Field(() => [actionNames.values], { description: 'What it may do, if its owner’s role may.' })
  scopes!: ActionKey[]

  @Field(() => Date, { description: 'When it was made.' })
  createdAt!: Date

  @Field(() => Date, { nullable: true, description: 'When it ends; null: never.' })
  expiresAt!: Date | null

  @Field(() => Date, { nullable: true, description: 'When it was last used, within a minute.' })
  lastUsedAt!: Date | null

  @Field(() => Date, { nullable: true, description: 'When it was revoked.' })
  revokedAt!: Date | null

  /** Not a GraphQL field: read by `project`. */
  projectId!: string
}

@ObjectType({ description: 'What a mutation of an API key returns.' })
export class ApiKeyPayload {
  @Field(() => ApiKey, { nullable: true, description: 'The key’s row; null with errors.' })
  apiKey?: ApiKey | null

  @Field(() => String, { nullable: true, description: 'The key itself, shown only now.' })
  secret?: string | null

  @Field(() => [UserError], { description: 'What was wrong; empty when it worked.' })
  errors!: UserError[]
}

@ObjectType({ description: 'A link by which anyone may read one project, beginning at a page.' })
export class ShareLink {
  @Field(() => ID, { description: 'Opaque id.' })
  id!: string

  @Field(() => String, { description: 'Path and query of the page it opens.' })
  path!: string

  @Field(() => String, { description: 'What it shows.' })
  title!: string

  @Field(() => Date, { description: 'When it was made.' })
  createdAt!: Date

  @Field(() => Date, { nullable: true, description: 'When it ends; null: never.' })
  expiresAt!: Date | null

  @Field(() => Date, { nullable: true, description: 'When it was revoked.' })
  revokedAt!: Date | null

  @Field(() => Date, { nullable: true, description: 'When it was last used, within a minute.' })
  lastUsedAt!: Date | null

  @Field(() => Int, { description: 'Minutes in which it was used.' })
  uses!: number

  /** Not a GraphQL field: read by `createdBy`. */
  createdById!: string
}

export const ShareLinkEdge = edgeTypeOf('ShareLink', () => ShareLink)
export const ShareLinkConnection = connectionTypeOf('ShareLink', ShareLinkEdge)

@ObjectType({ description: 'What a mutation of a share link returns.' })
export class ShareLinkPayload {
  @Field(() => ShareLink, { nullable: true, description: 'The link; null with errors.' })
  shareLink?: ShareLink | null

  @Field(() => String, {
    nullable: true,
    description: 'Its secret, shown only now: the page is /share/<token>.',
  })
  token?: string | null

  @Field(() => [UserError], { description: 'What was wrong; empty when it worked.' })
  errors!: UserError[]
}
