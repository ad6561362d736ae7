import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { ContentPolicies, policyText, scriptHashes } from './content-policy'

const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
const scriptsIn = (policy: string) =>
  policy
    .split('; ')
    .find((part) => part.startsWith('script-src '))
    ?.split(' ')
    .slice(1) ?? []

const pages: Record<string, string> = {
  '/': '<script>start()</script>',
  '/runs':
    '<script src="/x.js" async=""></script><script id="_R_">a()</script><script>b()\n</script>',
  '/_not-found': '<script>gone()</script>',
  '/_global-error': '<script>broken()</script><script>gone()</script>',
}
const build = {
  routes: new Set(Object.keys(pages)),
  htmlOf: (route: string) => pages[route] ?? null,
}
const policies = new ContentPolicies(build, ['theme()'])

describe('the policy of a page', () => {
  it('made ahead names its own scripts by hash, and no others', () => {
    expect(scriptsIn(policies.policyFor('/runs'))).toEqual(["'self'", hash('a()'), hash('b()\n')])
    expect(policies.policyFor('/runs/')).toBe(policies.policyFor('/runs'))
    expect(scriptsIn(policies.policyFor('/'))).toEqual(["'self'", hash('start()')])
  })

  it('made on request has a nonce of its own, and allows what may stand in for it', () => {
    const [first, second] = ['/edits/1', '/edits/1'].map((path) => policies.policyFor(path))
    const [self, nonce, ...rest] = scriptsIn(first as string)
    expect([self, rest]).toEqual(["'self'", [hash('theme()'), hash('gone()'), hash('broken()')]])
    expect(nonce).toMatch(/^'nonce-[\w+/]{22}=='$/)
    expect(first).not.toBe(second)
  })

  it.each(['/runs', '/edits/1', '/constructor'])('lets nothing else run: %s', (path) => {
    const policy = policies.policyFor(path)
    const scripts = scriptsIn(policy).join(' ')
    expect(scripts).not.toMatch(/unsafe|\*|https?:|data:|blob:/)
    expect(policy).toContain("script-src-attr 'none'")
    expect(policy).toContain("object-src 'none'")
  })

  it('is lax only while the pages are developed', () => {
    expect(scriptsIn(new ContentPolicies(null).policyFor('/'))).toContain("'unsafe-inline'")
  })
})

it('hashes scripts in a page, not those that it loads', () => {
  expect(scriptHashes('<script nonce="x" src="/a.js">no</script><script>yes</script>')).toEqual([
    hash('yes'),
  ])
  expect(policyText([])).toContain("script-src 'self';")
})
