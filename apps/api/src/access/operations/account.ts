// People, teams, projects, keys and share links.
import type { OperationsOf } from './operations-of.js'

export const accountOperations: OperationsOf = {
  nothing: [
    'Query.me',
    'Query.invitation',
    'Mutation.setUpOwner',
    'Mutation.signUp',
    'Mutation.signIn',
    'Mutation.signOut',
  ],
  read: ['Query.team', 'Query.people'],
  account: [
    'Query.apiKeys',
    'Mutation.acceptInvitation',
    'Mutation.updateProfile',
    'Mutation.changePassword',
    'Mutation.unlinkProvider',
    'Mutation.createApiKey',
    'Mutation.revokeApiKey',
  ],
  annotate: ['Query.shareLinks', 'Mutation.createShareLink', 'Mutation.revokeShareLink'],
  administer: [
    'Query.auditEvents',
    'Mutation.createInvitation',
    'Mutation.revokeInvitation',
    'Mutation.changeRole',
    'Mutation.removeMember',
    'Mutation.createProject',
    'Mutation.updateProject',
  ],
}
