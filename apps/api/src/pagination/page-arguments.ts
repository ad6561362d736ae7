// The arguments of every list ordered by creation time, and the page that they ask for.
import { ArgsType, Field, Int } from 'type-graphql'
import type { PageRequest, TimePosition } from './connection.js'
import { timePage } from './time-cursor.js'

@ArgsType()
export class PageArguments {
  @Field(() => Int, {
    nullable: true,
    defaultValue: 20,
    description: 'Page size, at most 100.',
  })
  first!: number | null

  @Field(() => String, { nullable: true, description: 'Cursor to continue after.' })
  after!: string | null
}

/** @throws BAD_USER_INPUT for a cursor that no list made */
export function pageAsked({ first, after }: PageArguments): PageRequest<TimePosition> {
  return timePage(first, after)
}
