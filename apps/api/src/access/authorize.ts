// A viewer and an operation -> may it happen? The one answer for queries, mutations, subscriptions and files.
import { UserFailure } from '../errors/user-failure.js'
import type { Viewer } from '../features/account/viewer.js'
import { operations } from './operations.js'
import { roleActions } from './roles.js'
import type { Action, Requirement } from './roles.js'
import { isWithinLink } from './shared-operations.js'
import type { Values } from './shared-operations.js'

export const isSignedIn = (viewer: Viewer): boolean =>
  viewer.via === 'single-user' || viewer.via === 'session' || viewer.via === 'api-key'

/** Whether role and scopes allow an action in the viewer's project. */
export function mayAct(viewer: Viewer, action: Action): boolean {
  if (viewer.role === null || !roleActions[viewer.role].includes(action)) return false
  return viewer.scopes === null || viewer.scopes.includes(action)
}

export function meets(viewer: Viewer, requirement: Requirement): boolean {
  if (requirement === 'nothing') return true
  if (requirement === 'account') return isSignedIn(viewer)
  return mayAct(viewer, requirement)
}

/** Whether an operation with these values may be answered as it is: for what is answered without its resolver. */
export function mayAsk(viewer: Viewer, operation: string, values: Values): boolean {
  const requirement = operations[operation]
  if (requirement === undefined || !meets(viewer, requirement)) return false
  return isWithinLink(viewer, operation, values)
}

/**
 * @param operation such as `Mutation.savePrompt`; one that the table lacks is refused
 * @throws UserFailure SIGN_IN_REQUIRED without an account, FORBIDDEN with one
 */
export function authorize(viewer: Viewer, operation: string): void {
  const requirement = operations[operation]
  if (requirement === undefined)
    throw new UserFailure('FORBIDDEN', `Nobody may ask ${operation}: it is in no table.`, {
      cure: 'Tell whoever runs the server.',
    })
  requireOf(viewer, requirement, operation)
}

/** @throws UserFailure SIGN_IN_REQUIRED or FORBIDDEN */
export function requireOf(viewer: Viewer, requirement: Requirement, what: string): void {
  if (meets(viewer, requirement)) return
  if (!isSignedIn(viewer))
    throw new UserFailure('SIGN_IN_REQUIRED', `Sign in first: ${what} is not for visitors.`, {
      cure: 'Sign in, or send an API key in the header Authorization: Bearer …',
    })
  const needed = requirement === 'account' ? 'an account' : `the right to ${requirement}`
  throw new UserFailure('FORBIDDEN', `${what} needs ${needed} in this project.`, {
    cure: refusalCure(viewer, requirement),
  })
}

function refusalCure(viewer: Viewer, requirement: Requirement): string {
  const narrowed =
    viewer.scopes !== null &&
    viewer.role !== null &&
    requirement !== 'nothing' &&
    requirement !== 'account' &&
    roleActions[viewer.role].includes(requirement)
  if (narrowed) return `Make an API key with the scope ${requirement}.`
  return 'Ask an admin of the team for another role.'
}
