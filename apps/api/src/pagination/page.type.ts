// PageInfo and the edge and connection types of every list.
import { Field, Int, ObjectType } from 'type-graphql'
import type { ClassType } from 'type-graphql'
import type { Connection, Edge, PageBounds } from './connection.js'

@ObjectType({ description: 'Where a page of a list begins and ends.' })
export class PageInfo implements PageBounds {
  @Field(() => Boolean, { description: 'Whether there is more after this page.' })
  hasNextPage!: boolean

  @Field(() => Boolean, { description: 'Whether there is something before this page.' })
  hasPreviousPage!: boolean

  @Field(() => String, {
    nullable: true,
    description: 'Cursor of the first edge; null when the page is empty.',
  })
  startCursor!: string | null

  @Field(() => String, {
    nullable: true,
    description: 'Cursor of the last edge; pass it as `after` for the next page.',
  })
  endCursor!: string | null
}

/** The edge type of a list of `name`. */
export function edgeTypeOf<Node extends object>(name: string, node: () => ClassType<Node>) {
  @ObjectType(`${name}Edge`, { description: `One ${name} in a list, with its cursor.` })
  class EdgeOfNode implements Edge<Node> {
    @Field(() => String, { description: 'Opaque position in the list.' })
    cursor!: string

    @Field(node, { description: `The ${name}.` })
    node!: Node
  }
  return EdgeOfNode
}

/** The connection type of a list of `name`. */
export function connectionTypeOf<Node extends object>(name: string, edge: ClassType<Edge<Node>>) {
  @ObjectType(`${name}Connection`, { description: `A page of a list of ${name}.` })
  class ConnectionOfNode implements Connection<Node> {
    @Field(() => [edge], { description: 'The page, in the list’s order.' })
    edges!: Edge<Node>[]

    @Field(() => PageInfo, { description: 'Where this page begins and ends.' })
    pageInfo!: PageInfo

    @Field(() => Int, { description: 'How many there are in the whole list.' })
    totalCount!: number
  }
  return ConnectionOfNode
}
