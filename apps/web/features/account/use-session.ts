'use client'
// Creating an account, signing in and out: each answers null when it was done, or what was wrong.
import { useMutation } from 'urql'
import {
  AcceptInvitationDocument,
  SetUpOwnerDocument,
  SignInDocument,
  SignOutDocument,
  SignUpDocument,
} from '../../graphql/generated/graphql'
import { complaintOf, type Complaint } from '../edits/complaint'
import type { Values } from './account-form'

type Work = Promise<Complaint | null>

const account = ({ name = '', email = '', password = '' }: Values) => ({ name, email, password })

export function useSession() {
  const [, setUpOwner] = useMutation(SetUpOwnerDocument)
  const [, signUp] = useMutation(SignUpDocument)
  const [, signIn] = useMutation(SignInDocument)
  const [, signOut] = useMutation(SignOutDocument)
  const [, accept] = useMutation(AcceptInvitationDocument)
  return {
    setUp: async (values: Values): Work => {
      const { data, error } = await setUpOwner({ input: account(values) })
      return complaintOf(error, data?.setUpOwner.errors)
    },
    signUp: async (values: Values, invitationToken: string): Work => {
      const { data, error } = await signUp({ input: { ...account(values), invitationToken } })
      return complaintOf(error, data?.signUp.errors)
    },
    signIn: async ({ email = '', password = '' }: Values): Work => {
      const { data, error } = await signIn({ input: { email, password } })
      return complaintOf(error, data?.signIn.errors)
    },
    signOut: async (): Work => {
      const { data, error } = await signOut({})
      return complaintOf(error, data?.signOut.errors)
    },
    accept: async (token: string): Work => {
      const { data, error } = await accept({ token })
      return complaintOf(error, data?.acceptInvitation.errors)
    },
  }
}
