// Addresses that are handed on: of this view for the team, of a read-only link for anyone.
export interface Place {
  readonly pathname: string
  readonly search: string
}

function withoutProject(search: string): URLSearchParams {
  const query = new URLSearchParams(search)
  query.delete('project')
  return query
}

/** What a read-only link opens: it knows its project by itself. */
export function sharedPath({ pathname, search }: Place): string {
  const query = withoutProject(search).toString()
  return query === '' ? pathname : `${pathname}?${query}`
}

/** For people of the team: opens in the right project, whichever they were in. */
export function permalink(origin: string, place: Place, projectId: string | null): string {
  const query = withoutProject(place.search)
  if (projectId !== null) query.set('project', projectId)
  const text = query.toString()
  return `${origin}${place.pathname}${text === '' ? '' : `?${text}`}`
}

export const shareAddress = (origin: string, token: string): string => `${origin}/share/${token}`

const LONGEST_TITLE = 120

/** What a link is called at first: the kind of page, and what stands above it. */
export function shareTitle(kind: string, heading: string | null | undefined): string {
  const words = heading?.replace(/\s+/g, ' ').trim() ?? ''
  const parts = words.toLowerCase().startsWith(kind.toLowerCase()) ? [words] : [kind, words]
  return parts.filter(Boolean).join(': ').slice(0, LONGEST_TITLE) || 'A view'
}

/** Pages that are about an account have nothing to show to others. */
export const isForTeam = (pathname: string): boolean =>
  pathname !== '/' &&
  !/^\/(settings|team|welcome|sign-in|join|share|inbox|api-explorer)(\/|$)/.test(pathname)

/** A read-only link shows one thing; pages about the server, or where something is begun, are none. */
export const isForAnyone = (pathname: string): boolean =>
  isForTeam(pathname) &&
  !/^\/(home|workers|search|neurons)(\/|$)/.test(pathname) &&
  !/^\/(edits|evaluations)\/new$/.test(pathname)
