// Annotations, comments, reviews and search.
import { unwrap } from './errors.js'
import {
  AddCommentDocument,
  AnnotateDocument,
  AnnotationsDocument,
  CommentsDocument,
  DecideReviewDocument,
  RequestReviewDocument,
  ReviewsDocument,
  SearchDocument,
} from './generated/graphql.js'
import type {
  AnchorInput,
  AnnotationFilter,
  AnnotationInput,
  CommentInput,
  DecideReviewInput,
  RequestReviewInput,
  ReviewFilter,
  SearchKind,
} from './generated/graphql.js'
import { named, repeatable } from './lens.js'
import { listOf } from './pages.js'
import type { Transport } from './transport.js'

export const annotationsOf = (transport: Transport) => ({
  list: (filter: AnnotationFilter | null = null) =>
    listOf(
      async (page) =>
        (await transport.request(AnnotationsDocument, { ...page, filter })).annotations,
    ),
  create: async (input: AnnotationInput) => {
    const variables = { input: named(input) }
    const { annotateNeuron: made } = await transport.request(
      AnnotateDocument,
      variables,
      repeatable,
    )
    return unwrap(made.annotation, made.errors)
  },
})

export const commentsOf = (transport: Transport) => ({
  /** Threads, oldest first. */
  list: async (anchor: AnchorInput, withParts = false) =>
    (await transport.request(CommentsDocument, { anchor, withParts })).comments,
  create: async (input: CommentInput) => {
    const variables = { input: named(input) }
    const { comment: made } = await transport.request(AddCommentDocument, variables, repeatable)
    return unwrap(made.comment, made.errors)
  },
})

export const reviewsOf = (transport: Transport) => ({
  list: (filter: ReviewFilter | null = null) =>
    listOf(async (page) => (await transport.request(ReviewsDocument, { ...page, filter })).reviews),
  request: async (input: RequestReviewInput) => {
    const variables = { input: named(input) }
    const { requestReview: made } = await transport.request(
      RequestReviewDocument,
      variables,
      repeatable,
    )
    return unwrap(made.review, made.errors)
  },
  /** @param input with the version that was seen. @throws ImprintError CONFLICT when it has moved on */
  decide: async (input: DecideReviewInput) => {
    const { decideReview: made } = await transport.request(DecideReviewDocument, { input })
    return unwrap(made.review, made.errors)
  },
})

export const searchIn = (transport: Transport) => (query: string, kinds?: readonly SearchKind[]) =>
  listOf(
    async (page) =>
      (
        await transport.request(SearchDocument, {
          ...{ ...page, query },
          kinds: kinds === undefined ? null : [...kinds],
        })
      ).search,
  )
