// Before every page: its Content-Security-Policy. Next.js reads the nonce of pages made on request from the same header. Nothing
// is decided here about who may read what; the API does that.
import path from 'node:path'
import { NextResponse, type NextRequest } from 'next/server'
import { THEME_SCRIPT } from './features/shell/theme-script'
import { EARLY_SCRIPT } from './graphql/early-script'
import { ContentPolicies, readBuild } from './security/content-policy'

const name = 'Content-Security-Policy'
const developed = process.env.NODE_ENV === 'development'
let policies: ContentPolicies | null = null

function policiesOfBuild(): ContentPolicies {
  if (developed) return new ContentPolicies(null)
  const folder = path.join(process.cwd(), '.next')
  const build = readBuild(folder)
  if (build === null) throw new Error(`${folder} holds no built pages: start Next.js in apps/web.`)
  return new ContentPolicies(build, [THEME_SCRIPT, EARLY_SCRIPT])
}

export function proxy(request: NextRequest): NextResponse {
  policies ??= policiesOfBuild()
  const policy = policies.policyFor(request.nextUrl.pathname)
  const headers = new Headers(request.headers)
  headers.set(name, policy)
  const response = NextResponse.next({ request: { headers } })
  response.headers.set(name, policy)
  return response
}

export const config = {
  matcher: ['/((?!_next/|api/|graphql$|config\\.json$|icon\\.svg$|share/(?!gone)).*)'],
}
