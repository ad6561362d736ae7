'use client'
// Changes of one's own profile, password and keys: null when done, or what was wrong; and whether there is a password.
import { useMutation, useQuery } from 'urql'
import {
  ChangePasswordDocument,
  CreateApiKeyDocument,
  RevokeApiKeyDocument,
  UpdateProfileDocument,
  WaysToSignInDocument,
  type CreateApiKeyInput,
} from '../../graphql/generated/graphql'
import type { Values } from '../account/account-form'
import type { Me } from '../account/viewer'
import { complaintOf, type Complaint } from '../edits/complaint'
import { hasPassword } from './ways'

const CHANGES_KEYS = { additionalTypenames: ['ApiKey'] }

export interface NewSecret {
  readonly complaint: Complaint | null
  readonly secret: string | null
}

export function useProfile() {
  const [, update] = useMutation(UpdateProfileDocument)
  const [, change] = useMutation(ChangePasswordDocument)
  return {
    save: async ({ name = '', handle = '' }: Values) => {
      const { data, error } = await update({ input: { name, handle } })
      return complaintOf(error, data?.updateProfile.errors)
    },
    changePassword: async ({ current = '', next = '' }: Values) => {
      const { data, error } = await change({ input: { current, next } })
      return complaintOf(error, data?.changePassword.errors)
    },
  }
}

export function useKeys() {
  const [, create] = useMutation(CreateApiKeyDocument)
  const [, revoke] = useMutation(RevokeApiKeyDocument)
  return {
    create: async (input: CreateApiKeyInput): Promise<NewSecret> => {
      const { data, error } = await create({ input }, CHANGES_KEYS)
      const complaint = complaintOf(error, data?.createApiKey.errors)
      return { complaint, secret: data?.createApiKey.secret ?? null }
    },
    revoke: async (id: string): Promise<Complaint | null> => {
      const { data, error } = await revoke({ id }, CHANGES_KEYS)
      return complaintOf(error, data?.revokeApiKey.errors)
    },
  }
}

/** Whether I have a password to change here; null while nobody knows. The API has the last word when it cannot be asked. */
export function useHasPassword({ via, signInWith }: Me): boolean | null {
  const pause = via !== 'SESSION'
  const [{ data, error }] = useQuery({ query: WaysToSignInDocument, pause })
  if (pause) return false
  return hasPassword(data?.me.waysToSignIn ?? null, signInWith) ?? (error ? true : null)
}
