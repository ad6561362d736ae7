// A user as other people may see them.
import { Field, ID, ObjectType } from 'type-graphql'

@ObjectType({ description: 'Somebody, as others may see them.' })
export class Person {
  @Field(() => ID, { description: 'Opaque id.' })
  id!: string

  @Field(() => String, { description: 'The short name that mentions use, without @.' })
  handle!: string

  @Field(() => String, { description: 'The name that is shown.' })
  name!: string

  @Field(() => String, { nullable: true, description: 'Address of a picture; null without one.' })
  image!: string | null
}

/** Stands for somebody whose row is gone. */
export const unknownPerson = (id: string): Person => ({
  id,
  handle: 'somebody',
  name: 'somebody',
  image: null,
})
