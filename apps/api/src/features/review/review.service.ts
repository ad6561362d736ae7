// What can be done with reviews: ask, submit, decide, withdraw, reopen, ask others.
import { mayAct, requireOf } from '../../access/authorize.js'
import { UserFailure, notFound } from '../../errors/user-failure.js'
import { connectionOf } from '../../pagination/connection.js'
import type { Connection } from '../../pagination/connection.js'
import { isUuid } from '../../pagination/time-cursor.js'
import { reviewStates, reviewSubjects } from '../../vocabulary/talk-names.js'
import { roleNames } from '../../vocabulary/role-names.js'
import type { AccountRepository } from '../account/account.repository.js'
import type { Viewer } from '../account/viewer.js'
import type { AnchorService } from '../anchor/anchor.service.js'
import { rowAnchor, rowKey } from '../anchor/anchor.js'
import { checkText } from '../text-rules.js'
import type { ReviewDeciders } from './review-deciders.js'
import { beginsRound, nextState, reviewSteps } from './review-machine.js'
import type { ReviewEventName } from './review-machine.js'
import { reviewCursor } from './review-order.js'
import type { ReviewPage } from './review-order.js'
import { reviewTold } from './review-told.js'
import { toReview } from './review-values.js'
import type { ReviewWriter, Step } from './review-writer.repository.js'
import type {
  ChangeReviewersInput,
  DecideReviewInput,
  RequestReviewInput,
  ReviewFilter,
  ReviewStepInput,
} from './review.input.js'
import type { ReviewRepository, ReviewRow } from './review.repository.js'
import type { ReviewSubjectRepository, ReviewSubjectRow } from './review-subject.repository.js'
import type { Review } from './review.type.js'

export interface ReviewServiceParts {
  readonly reviews: ReviewRepository
  readonly writer: ReviewWriter
  readonly subjects: ReviewSubjectRepository
  readonly deciders: ReviewDeciders
  readonly anchors: AnchorService
  readonly accounts: AccountRepository
}

const longest = { title: 200, body: 20_000, clientMutationId: 200 } as const

export class ReviewService {
  readonly #parts: ReviewServiceParts

  constructor(parts: ReviewServiceParts) {
    this.#parts = parts
  }

  async list(viewer: Viewer, page: ReviewPage, filter: ReviewFilter): Promise<Connection<Review>> {
    const { reviews, deciders } = this.#parts
    const { state, subjectKind, subjectId, mine, waitingForMe } = filter
    const options = { ...page, cursorOf: reviewCursor(page.order), nodeOf: toReview }
    const role = viewer.role === null ? null : roleNames.fromEngine(viewer.role)
    const nothing = (subjectId && !isUuid(subjectId)) || (waitingForMe && !mayAct(viewer, 'review'))
    if (nothing || role === null) return connectionOf([], { ...options, totalCount: 0 })
    const alone = waitingForMe ? await deciders.isAlone(viewer) : false
    const { rows, totalCount } = await reviews.page(viewer.projectId, page, {
      ...{ state: state ?? undefined, subjectKind: subjectKind ?? undefined },
      subjectId: subjectId ?? undefined,
      requestedById: mine ? viewer.userId : undefined,
      waitingFor: waitingForMe ? { userId: viewer.userId, role, alone } : undefined,
    })
    return connectionOf(rows, { ...options, totalCount })
  }

  async get(viewer: Viewer, id: string): Promise<Review | null> {
    const row = isUuid(id) ? await this.#parts.reviews.find(viewer.projectId, id) : null
    return row === null ? null : toReview(row)
  }

  /** @throws UserFailure REVIEW_OPEN when it is under review already, EDIT_NOT_COMPUTED, ..._NOT_FOUND */
  async request(viewer: Viewer, input: RequestReviewInput): Promise<Review> {
    const { writer, anchors, accounts } = this.#parts
    const { projectId, userId: requestedById } = viewer
    const subject = await this.#subject(viewer, input)
    const { subjectKind } = input
    const asked = await this.#asked(viewer, input)
    const [words] = await anchors.words(viewer, [rowAnchor(subjectKind, subject.id)])
    const title = checkText(input.title?.trim(), 'title', longest.title) ?? words?.title ?? ''
    const values = {
      ...{ projectId, requestedById, subjectKind, subjectId: subject.id },
      ...{ subjectDigest: subject.digest, title: title.slice(0, longest.title) },
      body: checkText(input.body, 'body', longest.body) ?? '',
      state: input.asDraft ? reviewStates.values.DRAFT : reviewStates.values.IN_REVIEW,
      reviewerRoles: asked.roles,
      clientMutationId: checkText(
        ...([input.clientMutationId, 'clientMutationId', longest.clientMutationId] as const),
      ),
    }
    const called = await this.#called(viewer, asked)
    const row = await writer.create(viewer, values, asked.ids, (made) =>
      reviewTold(made, 'request', called),
    )
    if (row === null) throw alreadyOpen()
    await accounts.recordEvent(viewer, 'review.request', row.id)
    return toReview(row)
  }

  /** The thing, once the viewer may ask about it. */
  async #subject(
    viewer: Viewer,
    { subjectKind, subjectId }: RequestReviewInput,
  ): Promise<ReviewSubjectRow> {
    const id = subjectId.toLowerCase()
    const found = isUuid(id)
      ? await this.#parts.subjects.find(viewer.projectId, subjectKind, [id])
      : null
    const subject = found?.get(id)
    if (subject === undefined) throw notFound(reviewSubjects.toEngine(subjectKind), 'subjectId')
    const own = subjectKind === 'ANNOTATION' && subject.authorId === viewer.userId
    if (!own) requireOf(viewer, 'compute', 'A review of what is not your own annotation')
    if (subject.digest !== null) return subject
    throw new UserFailure('EDIT_NOT_COMPUTED', 'This edit has not been computed.', {
      field: 'subjectId',
      cure: 'Wait until it is computed, or compute it again.',
    })
  }

  async #asked(
    viewer: Viewer,
    input: Pick<RequestReviewInput, 'reviewerIds' | 'reviewerRoles'>,
  ): Promise<NonNullable<Step['reviewers']>> {
    const { reviewerIds, reviewerRoles } = input
    const ids = [...new Set((reviewerIds ?? []).map((id) => id.toLowerCase()))]
    const roles = [...new Set(reviewerRoles ?? [])]
    await this.#parts.deciders.check(viewer, ids, roles)
    return { ids, roles }
  }

  /** Everyone who hears of it: those named, those of the roles, or all who may review when nobody was. */
  #called(viewer: Viewer, asked: NonNullable<Step['reviewers']>): Promise<string[]> {
    return this.#parts.deciders.called(viewer, asked)
  }

  async submit(viewer: Viewer, input: ReviewStepInput): Promise<Review> {
    return this.#step(viewer, input, 'submit')
  }

  async withdraw(viewer: Viewer, input: ReviewStepInput): Promise<Review> {
    return this.#step(viewer, input, 'withdraw')
  }

  async reopen(viewer: Viewer, input: ReviewStepInput): Promise<Review> {
    return this.#step(viewer, input, 'reopen')
  }

  /** @throws CONFLICT naming the present version when somebody was faster; FORBIDDEN */
  async decide(viewer: Viewer, input: DecideReviewInput): Promise<Review> {
    const event = input.decision === 'APPROVE' ? 'approve' : 'request-changes'
    return this.#step(viewer, input, event)
  }

  async changeReviewers(viewer: Viewer, input: ChangeReviewersInput): Promise<Review> {
    const reviewers = await this.#asked(viewer, input)
    return this.#step(viewer, { ...input, body: null }, 'change-reviewers', reviewers)
  }

  async #step(
    viewer: Viewer,
    { id, version, body }: ReviewStepInput,
    event: ReviewEventName,
    reviewers?: Step['reviewers'],
  ): Promise<Review> {
    const { reviews, writer, accounts, deciders } = this.#parts
    const row = isUuid(id) ? await reviews.find(viewer.projectId, id) : null
    if (row === null) throw notFound('review', 'id')
    const text = checkText(body?.trim(), 'body', longest.body)
    if (event === 'request-changes' && text === null) throw nothingSaid()
    const self = await deciders.authorize(viewer, row, event)
    if (row.version !== version) throw conflict(row)
    const to = nextState(row.state, event)
    if (to === null) throw wrongState(row, event)
    const digest = await this.#digestAt(viewer, row, event)
    const called = await this.#calledBy(viewer, row, event, reviewers)
    const { from, kind } = reviewSteps[event]
    const step: Step = {
      ...{ id: row.id, version, from, to, body: text, newRound: beginsRound(row.state, event) },
      kind: self ? `self-${kind}` : kind,
      ...(digest === undefined ? {} : { subjectDigest: digest }),
      ...(reviewers === undefined ? {} : { reviewers }),
    }
    const taken = await writer.take(viewer, step, (now) => reviewTold(now, event, called))
    if (taken === null) throw await this.#late(viewer, row.id)
    await accounts.recordEvent(viewer, `review.${event}`, row.id, { version: taken.version })
    return toReview(taken)
  }

  /** What is judged is what is there when it is asked or decided; undefined: the step says nothing about it. */
  async #digestAt(
    { projectId }: Viewer,
    { subjectKind, subjectId }: ReviewRow,
    event: ReviewEventName,
  ): Promise<string | null | undefined> {
    if (event === 'withdraw' || event === 'change-reviewers') return undefined
    const found = await this.#parts.subjects.find(projectId, subjectKind, [subjectId])
    const subject = found.get(subjectId)
    if (subject !== undefined) return subject.digest
    throw new UserFailure('REVIEW_SUBJECT_GONE', 'What this review is about was deleted.', {
      field: 'id',
      cure: 'Withdraw the review.',
    })
  }

  async #calledBy(
    viewer: Viewer,
    row: ReviewRow,
    event: ReviewEventName,
    reviewers: Step['reviewers'],
  ): Promise<string[]> {
    if (reviewSteps[event].by === 'reviewer') return [row.requestedById]
    if (event === 'withdraw' || (event === 'change-reviewers' && row.state !== 'IN_REVIEW'))
      return []
    const named = await this.#parts.reviews.reviewers([row.id])
    const asked = { ids: named.map(({ userId }) => userId), roles: row.reviewerRoles }
    if (reviewers === undefined) return this.#called(viewer, asked)
    const before = new Set(await this.#called(viewer, asked))
    return (await this.#called(viewer, reviewers)).filter((id) => !before.has(id))
  }

  /** Somebody was faster: says what they left. */
  async #late(viewer: Viewer, id: string): Promise<UserFailure> {
    const now = await this.#parts.reviews.find(viewer.projectId, id)
    return now === null ? notFound('review', 'id') : conflict(now)
  }

  /** The newest review of each thing, by its anchor's key such as `edit:<id>`. */
  async newestOf(viewer: Viewer, keys: readonly string[]): Promise<Map<string, Review>> {
    const found = await Promise.all(
      reviewSubjects.keys.map(async (kind) => {
        const start = rowKey(kind, '')
        const ids = keys
          .filter((key) => key.startsWith(start))
          .map((key) => key.slice(start.length))
        const rows = await this.#parts.reviews.newestOf(viewer.projectId, kind, ids)
        return [...rows].map(([id, row]) => [rowKey(kind, id), toReview(row)] as const)
      }),
    )
    return new Map(found.flat())
  }

  /** For each: whether its subject is another than was asked about or decided. */
  async stale(viewer: Viewer, reviews: readonly Review[]): Promise<boolean[]> {
    const { projectId } = viewer
    const found = await Promise.all(
      reviewSubjects.keys.map(async (kind) => {
        const ids = reviews.filter(({ subjectKind }) => subjectKind === kind)
        if (ids.length === 0) return []
        const wanted = ids.map(({ subjectId }) => subjectId)
        const rows = await this.#parts.subjects.find(projectId, kind, wanted)
        return [...rows].map(([id, { digest }]) => [rowKey(kind, id), digest] as const)
      }),
    )
    const digests = new Map(found.flat())
    return reviews.map(({ subjectKind, subjectId, subjectDigest, state }) => {
      const now = digests.get(rowKey(subjectKind, subjectId))
      return state !== 'DRAFT' && state !== 'WITHDRAWN' && now !== subjectDigest
    })
  }
}

const conflict = ({ version, state }: ReviewRow): UserFailure =>
  new UserFailure(
    'CONFLICT',
    `Somebody was faster: the review is at version ${version}, ${reviewStates.toEngine(state)}.`,
    { field: 'version', cure: 'Read what changed, then decide again.' },
  )

const wrongState = ({ state }: ReviewRow, event: ReviewEventName): UserFailure =>
  new UserFailure(
    'REVIEW_STATE',
    `The review is ${reviewStates.toEngine(state)}: ${event} cannot follow.`,
    {
      field: 'id',
      cure: `It follows on ${reviewSteps[event].from.map((one) => reviewStates.toEngine(one)).join(', ')}.`,
    },
  )

const nothingSaid = (): UserFailure =>
  new UserFailure('TEXT_EMPTY', 'Nobody could know what should change.', {
    field: 'body',
    cure: 'Say what should change.',
  })

const alreadyOpen = (): UserFailure =>
  new UserFailure('REVIEW_OPEN', 'It is under review already.', {
    field: 'subjectId',
    cure: 'Use the review that is open, or withdraw it first.',
  })
