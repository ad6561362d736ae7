// Roles -> what they may do. Every operation asks for one action (operations.ts).

export const roles = ['viewer', 'annotator', 'researcher', 'admin'] as const
export type Role = (typeof roles)[number]

export const actions = ['read', 'annotate', 'compute', 'review', 'administer'] as const
/**
 * - read: see everything of the project
 * - annotate: annotations, comments, reactions, collections
 * - compute: prompts, runs, edits, data sets, evaluations, figures, models
 * - review: decide a review
 * - administer: people, projects, shares of the team
 */
export type Action = (typeof actions)[number]

export const roleActions: Readonly<Record<Role, readonly Action[]>> = {
  viewer: ['read'],
  annotator: ['read', 'annotate'],
  researcher: ['read', 'annotate', 'compute', 'review'],
  admin: ['read', 'annotate', 'compute', 'review', 'administer'],
}

/** What an operation asks for: an action in the project, an account of any kind, or nothing. */
export type Requirement = Action | 'account' | 'nothing'
