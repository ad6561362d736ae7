// GraphQL type of suggestions from the fact set.
import { Field, ObjectType } from 'type-graphql'

@ObjectType({
  description: 'A fact that could be read next: a prompt and the object that completes it.',
})
export class FactSuggestion {
  @Field(() => String, { description: 'The subject, such as a city.' })
  subject!: string

  @Field(() => String, { description: 'Name of the relation.' })
  relation!: string

  @Field(() => String, { description: 'The relation’s main phrasing with the subject in it.' })
  prompt!: string

  @Field(() => String, { description: 'The object, without its leading space.' })
  object!: string
}
