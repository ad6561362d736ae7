// `?project=<id>` of a permalink -> the cookie that every request, file and socket carries.
const ID = /^[\w-]{1,64}$/

/** null when the address names no project, or nothing that could be one. */
export function wantedProject(search: string): string | null {
  const id = new URLSearchParams(search).get('project')
  return id !== null && ID.test(id) ? id : null
}

/** Called before the first request is sent. */
export function keepWantedProject(): void {
  if (typeof window === 'undefined') return
  const id = wantedProject(window.location.search)
  if (id !== null) rememberProject(id)
}

const YEAR_SECONDS = 31_536_000

export function rememberProject(id: string): void {
  const secure = window.location.protocol === 'https:' ? '; secure' : ''
  document.cookie = `imprint-project=${encodeURIComponent(id)}; path=/; max-age=${YEAR_SECONDS}; samesite=lax${secure}`
}

export function forgetProject(): void {
  document.cookie = 'imprint-project=; path=/; max-age=0; samesite=lax'
}
