// Path of a page -> its Content-Security-Policy. Pages made ahead have no nonce, so theirs names the scripts that stand in them
// by hash; pages made on request get a nonce. No other script runs, wherever it came from.
import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'

/** What Next.js may answer with in place of any page. */
const standIns = ['/_not-found', '/_global-error'] as const
const inline = /<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g

/** Each script that stands in a page itself, as a policy names it. */
export function scriptHashes(html: string): string[] {
  const texts = [...html.matchAll(inline)].map(([, text]) => text ?? '')
  return [...new Set(texts)].map(hashOf)
}

const hashOf = (text: string): string =>
  `'sha256-${createHash('sha256').update(text).digest('base64')}'`

export function policyText(scripts: readonly string[]): string {
  return [
    "default-src 'self'",
    ["script-src 'self'", ...scripts].join(' '),
    "script-src-attr 'none'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self' ws: wss:",
    "worker-src 'self' blob:",
    "base-uri 'self'",
    "form-action 'self'",
    "object-src 'none'",
    "frame-ancestors 'self'",
  ].join('; ')
}

/** What `next build` made; null where it cannot be read. */
export interface BuiltPages {
  readonly routes: ReadonlySet<string>
  readonly htmlOf: (route: string) => string | null
}

export function readBuild(folder: string): BuiltPages | null {
  const manifest = textOf(path.join(folder, 'prerender-manifest.json'))
  if (manifest === null) return null
  const { routes } = JSON.parse(manifest) as { readonly routes: object }
  return {
    routes: new Set(Object.keys(routes)),
    htmlOf: (route) =>
      textOf(path.join(folder, 'server/app', `${route === '/' ? '/index' : route}.html`)),
  }
}

export class ContentPolicies {
  readonly #build: BuiltPages | null
  readonly #own: readonly string[]
  readonly #hashes = new Map<string, readonly string[]>()

  /**
   * @param build null: pages under development, whose scripts change and are evaluated
   * @param own texts of our own scripts, which stand in pages made on request without a nonce
   */
  constructor(build: BuiltPages | null, own: readonly string[] = []) {
    this.#build = build
    this.#own = own.map(hashOf)
  }

  policyFor(pathname: string): string {
    if (this.#build === null) return policyText(["'unsafe-inline'", "'unsafe-eval'"])
    const route = pathname.length > 1 ? pathname.replace(/\/$/, '') : pathname
    if (this.#build.routes.has(route)) return policyText(this.#of(this.#build, [route]))
    const nonce = randomBytes(16).toString('base64')
    const hashes = new Set([...this.#own, ...this.#of(this.#build, standIns)])
    return policyText([`'nonce-${nonce}'`, ...hashes])
  }

  #of(build: BuiltPages, routes: readonly string[]): string[] {
    return [...new Set(routes.flatMap((route) => this.#hashesOf(build, route)))]
  }

  #hashesOf(build: BuiltPages, route: string): readonly string[] {
    const known = this.#hashes.get(route)
    if (known !== undefined) return known
    const hashes = scriptHashes(build.htmlOf(route) ?? '')
    this.#hashes.set(route, hashes)
    return hashes
  }
}

/** null where there is no such file */
function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return null
  }
}
