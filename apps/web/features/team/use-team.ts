'use client'
// Changes of people, invitations and projects: null when done, or what was wrong.
import { useMutation } from 'urql'
import {
  ChangeRoleDocument,
  CreateInvitationDocument,
  CreateProjectDocument,
  RemoveMemberDocument,
  RevokeInvitationDocument,
  UpdateProjectDocument,
  type CreateInvitationInput,
  type InvitationPartsFragment,
  type Role,
  type UpdateProjectInput,
} from '../../graphql/generated/graphql'
import { complaintOf, type Complaint } from '../edits/complaint'

const CHANGES_TEAM = { additionalTypenames: ['Team', 'Member', 'Invitation', 'Project'] }

type Work = Promise<Complaint | null>

export interface MadeInvitation {
  readonly complaint: Complaint | null
  readonly token: string | null
  readonly invitation: InvitationPartsFragment | null
}

export function usePeople() {
  const [, change] = useMutation(ChangeRoleDocument)
  const [, remove] = useMutation(RemoveMemberDocument)
  return {
    changeRole: async (userId: string, role: Role): Work => {
      const { data, error } = await change({ input: { userId, role } }, CHANGES_TEAM)
      return complaintOf(error, data?.changeRole.errors)
    },
    remove: async (userId: string): Work => {
      const { data, error } = await remove({ userId }, CHANGES_TEAM)
      return complaintOf(error, data?.removeMember.errors)
    },
  }
}

export function useInvitations() {
  const [, create] = useMutation(CreateInvitationDocument)
  const [, revoke] = useMutation(RevokeInvitationDocument)
  return {
    create: async (input: CreateInvitationInput): Promise<MadeInvitation> => {
      const { data, error } = await create({ input }, CHANGES_TEAM)
      const complaint = complaintOf(error, data?.createInvitation.errors)
      const { token = null, invitation = null } = data?.createInvitation ?? {}
      return { complaint, token, invitation }
    },
    revoke: async (id: string): Work => {
      const { data, error } = await revoke({ id }, CHANGES_TEAM)
      return complaintOf(error, data?.revokeInvitation.errors)
    },
  }
}

export function useProjects() {
  const [, create] = useMutation(CreateProjectDocument)
  const [, update] = useMutation(UpdateProjectDocument)
  return {
    create: async (name: string): Promise<{ complaint: Complaint | null; id: string | null }> => {
      const { data, error } = await create({ input: { name } }, CHANGES_TEAM)
      const complaint = complaintOf(error, data?.createProject.errors)
      return { complaint, id: data?.createProject.project?.id ?? null }
    },
    update: async (input: UpdateProjectInput): Work => {
      const { data, error } = await update({ input }, CHANGES_TEAM)
      return complaintOf(error, data?.updateProject.errors)
    },
  }
}
