// Where people go to sign in, and where they come back to.
import { isPathWithin } from '../../graphql/paths'

const ENTRANCES = ['/sign-in', '/welcome', '/share/']

/** A place in these pages; anything else, such as another site's address, becomes the lens. */
export function safeReturn(wanted: string | null): string {
  if (!wanted || !isPathWithin(wanted)) return '/lens'
  return ENTRANCES.some((entrance) => wanted.startsWith(entrance)) ? '/lens' : wanted
}

const withReturn = (page: string, path: string): string => {
  const back = safeReturn(path)
  return back === '/lens' ? page : `${page}?next=${encodeURIComponent(back)}`
}

export const signInAddress = (path: string): string => withReturn('/sign-in', path)
export const welcomeAddress = (path: string): string => withReturn('/welcome', path)

/** The address in the browser's bar, without its host. */
export const currentAddress = (): string =>
  typeof window === 'undefined' ? '/lens' : window.location.pathname + window.location.search
