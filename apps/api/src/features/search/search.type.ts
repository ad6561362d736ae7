// GraphQL types of the search by words.
import { Field, Float, ID, ObjectType } from 'type-graphql'
import { connectionTypeOf, edgeTypeOf } from '../../pagination/page.type.js'
import { searchKinds } from '../../vocabulary/note-names.js'
import type { SearchKindKey } from '../../vocabulary/note-names.js'

@ObjectType({ description: 'A stretch of plain text, and whether it is what was looked for.' })
export class SnippetPiece {
  @Field(() => String, { description: 'The stretch.' })
  text!: string

  @Field(() => Boolean, { description: 'Whether it matches.' })
  hit!: boolean
}

@ObjectType({ description: 'Something that was found.' })
export class SearchHit {
  @Field(() => searchKinds.values, { description: 'What kind of thing it is.' })
  kind!: SearchKindKey

  @Field(() => ID, { description: 'Its id; of a neuron its anchor’s key.' })
  id!: string

  @Field(() => String, { description: 'What it is called.' })
  title!: string

  @Field(() => [SnippetPiece], { description: 'Where it matches, as plain text.' })
  snippet!: SnippetPiece[]

  @Field(() => String, { description: 'Path of the page that shows it.' })
  path!: string

  @Field(() => Float, {
    description: 'The higher the better; above 1 the words match, below 1 they are only like it.',
  })
  score!: number
}

export const SearchEdge = edgeTypeOf('Search', () => SearchHit)
export const SearchConnection = connectionTypeOf('Search', SearchEdge)
