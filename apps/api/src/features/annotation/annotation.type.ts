// GraphQL types of annotations.
import { Field, Float, ID, Int, ObjectType } from 'type-graphql'
import { UserError } from '../../errors/user-error.type.js'
import { connectionTypeOf, edgeTypeOf } from '../../pagination/page.type.js'
import { annotationStates } from '../../vocabulary/note-names.js'
import type { AnnotationStateKey } from '../../vocabulary/note-names.js'
import { Person } from '../account/person.type.js'

@ObjectType({ description: 'Something that speaks for an annotation.' })
export class Evidence {
  @Field(() => String, { nullable: true, description: 'Why it does; null without a note.' })
  note!: string | null

  /** Not a GraphQL field: read by `anchor`. */
  anchorJson!: unknown
}

@ObjectType({ description: 'A stretch of text that stayed, came or went.' })
export class TextDiff {
  @Field(() => String, { description: 'label, description, tags, confidence or evidence.' })
  field!: string

  @Field(() => String, { description: 'same, added or removed.' })
  kind!: string

  @Field(() => String, { description: 'The stretch.' })
  text!: string
}

@ObjectType({ description: 'An annotation as it was at one time.' })
export class AnnotationVersion {
  @Field(() => Int, { description: 'From 1.' })
  version!: number

  @Field(() => String, { description: 'Its label then.' })
  label!: string

  @Field(() => String, { description: 'Its description then, in Markdown.' })
  description!: string

  @Field(() => [String], { description: 'Its tags then.' })
  tags!: string[]

  @Field(() => Float, { description: 'Its confidence then, from 0 to 1.' })
  confidence!: number

  @Field(() => Date, { description: 'When it was written.' })
  createdAt!: Date

  @Field(() => String, { nullable: true, description: 'Why, in its author’s words; may be null.' })
  change!: string | null

  @Field(() => [TextDiff], {
    description: 'Word by word against the version before; empty of the first.',
  })
  diff!: TextDiff[]

  /** Not a GraphQL field: read by `author`. */
  authorId!: string
}

@ObjectType({
  description: 'What somebody says about a neuron, or about anything that has an address.',
})
export class Annotation {
  @Field(() => ID, { description: 'Opaque id.' })
  id!: string

  @Field(() => annotationStates.values, { description: 'What became of it.' })
  state!: AnnotationStateKey

  @Field(() => String, { description: 'What it is, in a few words.' })
  label!: string

  @Field(() => String, { description: 'More about it, in Markdown; may be empty.' })
  description!: string

  @Field(() => [String], { description: 'Its tags, in alphabetical order.' })
  tags!: string[]

  @Field(() => Float, { description: 'How sure its author is, from 0 to 1.' })
  confidence!: number

  @Field(() => [Evidence], { description: 'What speaks for it.' })
  evidence!: Evidence[]

  @Field(() => Int, { description: 'Grows with each change; send it with the next one.' })
  version!: number

  @Field(() => Date, { description: 'When it was written.' })
  createdAt!: Date

  @Field(() => Date, { description: 'When it was last changed.' })
  updatedAt!: Date

  /** Not GraphQL fields: read by field resolvers. */
  authorId!: string
  anchorKey!: string
  anchorJson!: unknown
}

export const AnnotationEdge = edgeTypeOf('Annotation', () => Annotation)
export const AnnotationConnection = connectionTypeOf('Annotation', AnnotationEdge)

@ObjectType({ description: 'What a mutation of an annotation returns.' })
export class AnnotationPayload {
  @Field(() => Annotation, {
    nullable: true,
    description: 'The annotation as it is now; null when there were errors.',
  })
  annotation?: Annotation | null

  @Field(() => [UserError], { description: 'What was wrong; empty when it worked.' })
  errors!: UserError[]
}

@ObjectType({ description: 'A tag and how many annotations have it.' })
export class TagCount {
  @Field(() => String, { description: 'The tag.' })
  tag!: string

  @Field(() => Int, { description: 'Annotations that have it, without withdrawn ones.' })
  count!: number
}

@ObjectType({ description: 'How two annotators agree about what both annotated.' })
export class AgreementPair {
  @Field(() => Person, { description: 'One of them.' })
  first!: Person

  @Field(() => Person, { description: 'The other.' })
  second!: Person

  @Field(() => Int, { description: 'Things that both annotated.' })
  items!: number

  @Field(() => Float, { description: 'Share of these with the same label, from 0 to 1.' })
  exact!: number

  @Field(() => Float, {
    nullable: true,
    description:
      'Cohen’s kappa of the labels; null where both always said the same one thing, which leaves chance nothing to do.',
  })
  kappa!: number | null

  @Field(() => Float, {
    nullable: true,
    description: 'Mean Jaccard overlap of the tags; null where neither ever gave one.',
  })
  tagOverlap!: number | null
}

@ObjectType({ description: 'How the annotators of a project, or of a collection, agree.' })
export class Agreement {
  @Field(() => Int, { description: 'Things with annotations of at least two people.' })
  items!: number

  @Field(() => [Person], { description: 'Everybody who annotated one of these.' })
  annotators!: Person[]

  @Field(() => [AgreementPair], {
    description: 'Pairs that share something, the most first; at most 200.',
  })
  pairs!: AgreementPair[]

  @Field(() => Float, {
    nullable: true,
    description:
      'Krippendorff’s alpha (nominal) of the labels of all of them; null where only one label was ever given.',
  })
  alpha!: number | null
}

@ObjectType({ description: 'What an import of annotations returns.' })
export class ImportAnnotationsPayload {
  @Field(() => Int, { nullable: true, description: 'Annotations that were new.' })
  imported?: number | null

  @Field(() => Int, { nullable: true, description: 'Annotations that were there already.' })
  skipped?: number | null

  @Field(() => Int, {
    nullable: true,
    description: 'Annotations and items left out, as what they are about is not in this project.',
  })
  leftOut?: number | null

  @Field(() => Int, {
    nullable: true,
    description: 'Pieces of evidence left out for the same reason; their annotations were kept.',
  })
  evidenceLeftOut?: number | null

  @Field(() => ID, { nullable: true, description: 'The collection, when the file was of one.' })
  collectionId?: string | null

  @Field(() => [UserError], { description: 'What was wrong; empty when it worked.' })
  errors!: UserError[]
}
