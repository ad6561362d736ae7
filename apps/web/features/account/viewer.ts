// Who looks at the page, and what they may do there: facts of the API -> refusals in words.
import type { Action, MeQuery, Role } from '../../graphql/generated/graphql'

export type Me = MeQuery['me']

const DOES: Readonly<Record<Action, string>> = {
  READ: 'see this',
  ANNOTATE: 'write notes',
  COMPUTE: 'change this',
  REVIEW: 'decide reviews',
  ADMINISTER: 'manage the team',
}

export const isSignedIn = (me: Me | null): boolean =>
  me !== null && me.via !== 'ANONYMOUS' && me.via !== 'SHARE_LINK'

/**
 * Why the viewer may not do it; null when they may, and while nobody knows yet: then the API has the last word.
 * @param verb what they wanted to do: "run", "save prompts"
 */
export function refusalOf(me: Me | null, action: Action, verb = DOES[action]): string | null {
  if (me === null || me.actions.includes(action)) return null
  if (me.via === 'SHARE_LINK') return `This shared view is for reading. Sign in to ${verb}.`
  if (!isSignedIn(me))
    return me.setupNeeded ? `Create the owner account to ${verb}.` : `Sign in to ${verb}.`
  if (me.role === null) return `You are not in this team, so you cannot ${verb}.`
  return `Your role (${me.role.toLowerCase()}) cannot ${verb}. Ask an admin.`
}

export const ROLES: ReadonlyArray<readonly [role: Role, name: string, may: string]> = [
  ['VIEWER', 'Viewer', 'reads everything'],
  ['ANNOTATOR', 'Annotator', 'also writes annotations and comments'],
  ['RESEARCHER', 'Researcher', 'also runs, edits, evaluates and decides reviews'],
  ['ADMIN', 'Admin', 'also manages people, projects and links'],
]

export const roleName = (role: Role): string =>
  ROLES.find(([value]) => value === role)?.[1] ?? role.toLowerCase()

/** "Mina Kato" -> "MK". */
export function initialsOf(name: string): string {
  const words = name.match(/[\p{L}\p{N}]\S*/gu) ?? []
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined]
  return letters.map((word) => [...(word ?? '')][0]?.toUpperCase() ?? '').join('') || '?'
}
