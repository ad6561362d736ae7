// A mistake the user can cure, returned as data beside the result of a mutation.
import { Field, ObjectType } from 'type-graphql'

@ObjectType({
  description: 'A mistake that the user can cure; returned as data, nothing was written.',
})
export class UserError {
  @Field(() => String, { description: 'A closed code, explained in docs/errors.md.' })
  code!: string

  @Field(() => String, {
    description: 'What is wrong, in one sentence, with the values that failed.',
  })
  message!: string

  @Field(() => String, {
    nullable: true,
    description: 'The input field it is about; null when it is about the whole request.',
  })
  field!: string | null

  @Field(() => String, { description: 'What to do about it.' })
  cure!: string
}
