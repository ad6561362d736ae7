// GraphQL inputs of annotations.
import { Field, Float, ID, InputType, Int } from 'type-graphql'
import { anchorKinds } from '../../vocabulary/talk-names.js'
import type { AnchorKindKey } from '../../vocabulary/talk-names.js'
import { annotationStates } from '../../vocabulary/note-names.js'
import type { AnnotationStateKey } from '../../vocabulary/note-names.js'
import { AnchorInput } from '../anchor/anchor.input.js'

@InputType({ description: 'Something that speaks for an annotation.' })
export class EvidenceInput {
  @Field(() => AnchorInput, { description: 'What it is; it must exist.' })
  anchor!: AnchorInput

  @Field(() => String, { nullable: true, description: 'Why; at most 500 characters.' })
  note?: string | null
}

@InputType({ description: 'A new annotation.' })
export class AnnotationInput {
  @Field(() => AnchorInput, { description: 'What it is about: a neuron, or anything else.' })
  anchor!: AnchorInput

  @Field(() => String, { description: 'What it is, in at most 200 characters.' })
  label!: string

  @Field(() => String, {
    nullable: true,
    description: 'More about it, in Markdown; at most 20,000 characters.',
  })
  description?: string | null

  @Field(() => [String], {
    nullable: true,
    description: 'Tags: at most 20 of at most 50 characters; stored in lower case.',
  })
  tags?: string[] | null

  @Field(() => Float, { nullable: true, description: 'From 0 to 1; 0.5 when absent.' })
  confidence?: number | null

  @Field(() => [EvidenceInput], { nullable: true, description: 'What speaks for it; at most 20.' })
  evidence?: EvidenceInput[] | null

  @Field(() => String, {
    nullable: true,
    description: 'A name for this request: sent again, it returns the first result.',
  })
  clientMutationId?: string | null
}

@InputType({ description: 'Changes to an annotation; what is absent stays as it is.' })
export class UpdateAnnotationInput {
  @Field(() => ID, { description: 'Id of the annotation.' })
  id!: string

  @Field(() => Int, { description: 'The version that was seen; another one is a CONFLICT.' })
  version!: number

  @Field(() => String, { nullable: true, description: 'Its label from now on.' })
  label?: string | null

  @Field(() => String, { nullable: true, description: 'Its description from now on.' })
  description?: string | null

  @Field(() => [String], { nullable: true, description: 'All its tags from now on.' })
  tags?: string[] | null

  @Field(() => Float, { nullable: true, description: 'Its confidence from now on.' })
  confidence?: number | null

  @Field(() => [EvidenceInput], { nullable: true, description: 'All its evidence from now on.' })
  evidence?: EvidenceInput[] | null

  @Field(() => String, { nullable: true, description: 'Why; at most 500 characters.' })
  change?: string | null
}

@InputType({ description: 'Which annotations to list; all conditions hold together.' })
export class AnnotationFilter {
  @Field(() => String, {
    nullable: true,
    description: 'Label or description contains this, in any case.',
  })
  search?: string | null

  @Field(() => anchorKinds.values, { nullable: true, description: 'About things of this kind.' })
  anchorKind?: AnchorKindKey | null

  @Field(() => ID, { nullable: true, description: 'About neurons or cells of this model.' })
  modelId?: string | null

  @Field(() => Int, { nullable: true, description: 'About neurons or cells of this layer.' })
  layer?: number | null

  @Field(() => String, { nullable: true, description: 'Has this tag.' })
  tag?: string | null

  @Field(() => annotationStates.values, {
    nullable: true,
    description: 'In this state; in any but WITHDRAWN when absent.',
  })
  state?: AnnotationStateKey | null

  @Field(() => ID, { nullable: true, description: 'Written by this person.' })
  authorId?: string | null

  @Field(() => AnchorInput, { nullable: true, description: 'About exactly this.' })
  anchor?: AnchorInput | null
}

@InputType({
  description: 'Annotations to bring in: either as text, or as a file that was uploaded.',
})
export class ImportAnnotationsInput {
  @Field(() => String, {
    nullable: true,
    description: 'The text of annotations.json or of a collection’s file, as it was exported.',
  })
  json?: string | null

  @Field(() => ID, {
    nullable: true,
    description: 'Id of such a file that was uploaded, where it is too large for a request.',
  })
  uploadId?: string | null
}
