// One review, kept up while it is open, and everything that moves it on.
import { useCallback, useEffect, useMemo, useState } from 'react'
import { useClient, useQuery, type AnyVariables, type DocumentInput } from 'urql'
import {
  TalkChangeReviewersDocument,
  TalkDecideReviewDocument,
  TalkReopenReviewDocument,
  TalkReviewChangedDocument,
  TalkReviewOfDocument,
  TalkSubmitReviewDocument,
  TalkWithdrawReviewDocument,
  type ReviewDecision,
  type Role,
} from '../../graphql/generated/graphql'
import { onReconnected } from '../../graphql/connection'
import { complaintOf, type Complaint } from '../edits/complaint'
import type { ReviewFacts } from './review-words'

interface Payload {
  readonly review: ReviewFacts | null
  readonly errors: readonly Complaint[]
}

export interface Moved {
  readonly complaint: Complaint | null
  readonly review: ReviewFacts | null
}

/** The newest of what was read, pushed and returned. */
function useNewest(id: string) {
  const [{ data, error, fetching }, execute] = useQuery({
    query: TalkReviewOfDocument,
    variables: { id },
    requestPolicy: 'cache-and-network',
  })
  const [pushed, setPushed] = useState<ReviewFacts | null>(null)
  const reload = useCallback(() => execute({ requestPolicy: 'network-only' }), [execute])
  const read = data?.review ?? null
  const review =
    pushed && pushed.id === id && pushed.version >= (read?.version ?? 0) ? pushed : read
  const missing = data !== undefined && data.review === null && !fetching
  return {
    review,
    put: setPushed,
    reload,
    missing,
    complaint: data ? null : complaintOf(error, undefined),
  }
}

export function useReview(id: string) {
  const client = useClient()
  const { review, put, reload, missing, complaint } = useNewest(id)
  useEffect(() => onReconnected(reload), [reload])
  useEffect(() => {
    const { unsubscribe } = client
      .subscription(TalkReviewChangedDocument, { id })
      .subscribe(({ data }) => {
        if (data) put(data.reviewChanged)
      })
    return unsubscribe
  }, [client, id, put])
  const moves = useMemo(() => {
    const move = async <D extends object, V extends AnyVariables>(
      document: DocumentInput<D, V>,
      variables: V,
    ): Promise<Moved> => {
      const { data, error } = await client.mutation(document, variables).toPromise()
      const payload = data ? (Object.values(data)[0] as Payload) : undefined
      const refused = complaintOf(error, payload?.errors)
      if (payload?.review) put(payload.review)
      // Somebody was faster: what they did is shown beside what was refused.
      if (refused?.code === 'CONFLICT') reload()
      return { complaint: refused, review: payload?.review ?? null }
    }
    return {
      submit: (version: number) => move(TalkSubmitReviewDocument, { input: { id, version } }),
      withdraw: (version: number, body: string) =>
        move(TalkWithdrawReviewDocument, { input: { id, version, body } }),
      reopen: (version: number, body: string) =>
        move(TalkReopenReviewDocument, { input: { id, version, body } }),
      decide: (version: number, decision: ReviewDecision, body: string) =>
        move(TalkDecideReviewDocument, { input: { id, version, decision, body } }),
      changeReviewers: (version: number, reviewerIds: string[], reviewerRoles: Role[]) =>
        move(TalkChangeReviewersDocument, { input: { id, version, reviewerIds, reviewerRoles } }),
    }
  }, [client, id, put, reload])
  return { review, missing, complaint, reload, moves }
}

export type ReviewMoves = ReturnType<typeof useReview>['moves']
