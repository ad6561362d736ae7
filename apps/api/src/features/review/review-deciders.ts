// Who may do what with a review, and who hears of it.
import { mayAct } from '../../access/authorize.js'
import { roleActions } from '../../access/roles.js'
import { UserFailure, notFound } from '../../errors/user-failure.js'
import { isUuid } from '../../pagination/time-cursor.js'
import { roleNames } from '../../vocabulary/role-names.js'
import type { RoleKey } from '../../vocabulary/role-names.js'
import type { ReviewStateKey } from '../../vocabulary/talk-names.js'
import type { Viewer } from '../account/viewer.js'
import { reviewSteps } from './review-machine.js'
import type { ReviewEventName } from './review-machine.js'
import type { ReviewRepository } from './review.repository.js'

const mostReviewers = 50

/** Roles that may decide. */
const decidingRoles = roleNames.keys.filter((key) =>
  roleActions[roleNames.toEngine(key)].includes('review'),
)

interface Requested {
  readonly requestedById: string
  readonly state: ReviewStateKey
}

export interface Asked {
  readonly ids: readonly string[]
  readonly roles: readonly RoleKey[]
}

/** Where a review stands that cannot be decided now. */
const standing: Readonly<Record<Exclude<ReviewStateKey, 'IN_REVIEW'>, string>> = {
  DRAFT: 'It is a draft: nobody was asked yet.',
  CHANGES_REQUESTED: 'Changes were requested; it is decided when it is sent again.',
  APPROVED: 'It is approved.',
  WITHDRAWN: 'It was withdrawn.',
}

export class ReviewDeciders {
  readonly #reviews: ReviewRepository

  constructor(reviews: ReviewRepository) {
    this.#reviews = reviews
  }

  /** Whether nobody else of the team may decide. */
  async isAlone(viewer: Viewer): Promise<boolean> {
    const others = await this.#reviews.membersInRoles(viewer, decidingRoles)
    return others.every((id) => id === viewer.userId)
  }

  /**
   * @returns whether the viewer decides what they asked for themselves, as nobody else could
   * @throws FORBIDDEN
   */
  async authorize(viewer: Viewer, review: Requested, event: ReviewEventName): Promise<boolean> {
    const own = review.requestedById === viewer.userId
    if (reviewSteps[event].by === 'requester') {
      if (own || viewer.role === 'admin') return false
      throw forbidden('Only who asked for the review, or an admin, may do this.')
    }
    const why = await this.#whyNot(viewer, own)
    if (why !== null) throw forbidden(why)
    return own
  }

  async #whyNot(viewer: Viewer, own: boolean): Promise<string | null> {
    if (!mayAct(viewer, 'review')) return 'Deciding needs the right to review.'
    if (own && !(await this.isAlone(viewer))) return 'You asked for it: somebody else decides.'
    return null
  }

  /** Why the viewer cannot decide now; null when they can. */
  async whyNot(viewer: Viewer, { state, requestedById }: Requested): Promise<string | null> {
    if (state !== 'IN_REVIEW') return standing[state]
    return this.#whyNot(viewer, requestedById === viewer.userId)
  }

  /** @throws REVIEWER_NOT_FOUND, BAD_ARGUMENT: only people of the team and roles that may decide can be asked */
  async check(viewer: Viewer, ids: readonly string[], roles: readonly RoleKey[]): Promise<void> {
    if (ids.length > mostReviewers)
      throw badReviewers(`${ids.length} reviewers are too many.`, `Name at most ${mostReviewers}.`)
    const members = await this.#reviews.members(viewer, ids.filter(isUuid))
    if (members.length < ids.length) throw notFound('reviewer', 'reviewerIds')
    const deaf = roles.find((role) => !decidingRoles.includes(role))
    if (deaf === undefined) return
    const cure = `Ask ${decidingRoles.map((role) => roleNames.toEngine(role)).join(' or ')}.`
    throw badReviewers(`The role ${roleNames.toEngine(deaf)} may not review.`, cure)
  }

  /** Those named and those of the roles; all who may decide when nobody was. */
  async called(viewer: Viewer, { ids, roles }: Asked): Promise<string[]> {
    const wanted = ids.length + roles.length === 0 ? decidingRoles : roles
    return [...new Set([...ids, ...(await this.#reviews.membersInRoles(viewer, wanted))])]
  }
}

const forbidden = (message: string): UserFailure =>
  new UserFailure('FORBIDDEN', message, {
    field: 'id',
    cure: 'Ask somebody of the team who may.',
  })

const badReviewers = (message: string, cure: string): UserFailure =>
  new UserFailure('BAD_ARGUMENT', message, { field: 'reviewerRoles', cure })
