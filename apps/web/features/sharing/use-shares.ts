'use client'
// Making and revoking read-only links.
import { useMutation } from 'urql'
import {
  CreateShareLinkDocument,
  RevokeShareLinkDocument,
  type CreateShareLinkInput,
} from '../../graphql/generated/graphql'
import { complaintOf, type Complaint } from '../edits/complaint'

const CHANGES_SHARES = { additionalTypenames: ['ShareLink', 'ShareLinkConnection'] }

export interface MadeLink {
  readonly complaint: Complaint | null
  readonly token: string | null
}

export function useShares() {
  const [, create] = useMutation(CreateShareLinkDocument)
  const [, revoke] = useMutation(RevokeShareLinkDocument)
  return {
    create: async (input: CreateShareLinkInput): Promise<MadeLink> => {
      const { data, error } = await create({ input }, CHANGES_SHARES)
      const complaint = complaintOf(error, data?.createShareLink.errors)
      return { complaint, token: data?.createShareLink.token ?? null }
    },
    revoke: async (id: string): Promise<Complaint | null> => {
      const { data, error } = await revoke({ id }, CHANGES_SHARES)
      return complaintOf(error, data?.revokeShareLink.errors)
    },
  }
}
