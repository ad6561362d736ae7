// The pages' server as a stranger meets it: no page, however it is asked for, holds what is private, and nothing leads past
// the API's own checks. Needs what `npm run build` made.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { request } from 'node:http'
import { createRequire } from 'node:module'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { after, before, describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { openServer } from '../docs/server.mjs'
import { freePort } from '../postgres/index.mjs'
import { root } from '../reliability/stage/root.mjs'

const marker = 'quetzalcoatl'
const patience = 300_000
const web = path.join(root, 'apps/web')
let api
let pages
let port
let log = ''

before(
  async () => {
    api = await openServer()
    port = await freePort()
    const next = createRequire(path.join(web, 'package.json')).resolve('next/dist/bin/next')
    const watch = pathToFileURL(path.join(root, 'tools/start/parent-watch.mjs')).href
    const words = [
      '--import',
      watch,
      next,
      'start',
      '--port',
      String(port),
      '--hostname',
      '127.0.0.1',
    ]
    const env = { ...process.env, IMPRINT_API_URL: api.url, NEXT_TELEMETRY_DISABLED: '1' }
    env.IMPRINT_STARTED_BY = String(process.pid)
    pages = spawn(process.execPath, words, { cwd: web, env, stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [pages.stdout, pages.stderr])
      stream.on('data', (chunk) => (log = `${log}${chunk}`.slice(-2_000)))
    await until(async () => (await ask('/sign-in')).status === 200)
    const saved = await graphql(
      `mutation { savePrompt(input: { text: "${marker}" }) { errors { code } } }`,
      {
        authorization: `Bearer ${api.key}`,
      },
    )
    assert.deepEqual(saved.body.data.savePrompt.errors, [])
  },
  { timeout: patience },
)
after(async () => {
  if (pages) {
    const gone = new Promise((resolve) => pages.once('exit', resolve))
    if (pages.kill('SIGTERM')) await gone
  }
  await api?.close()
})

async function until(holds) {
  const end = Date.now() + 120_000
  while (!(await holds().catch(() => false))) {
    if (Date.now() > end) throw new Error(`the pages’ server does not answer: ${log}`)
    await sleep(200)
  }
}

/** One request, its path and headers exactly as they are given. */
function ask(where, { method = 'GET', headers = {}, body } = {}) {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, method, path: where, headers, agent: false }
    const sent = request(options, (response) => {
      let text = ''
      response.on('data', (chunk) => (text += chunk))
      response.on('end', () =>
        resolve({ status: response.statusCode, headers: response.headers, text }),
      )
    })
    sent.on('upgrade', (response, socket) => {
      socket.destroy()
      resolve({ status: response.statusCode, headers: response.headers, text: '' })
    })
    sent.once('error', reject)
    sent.setTimeout(30_000, () => sent.destroy(new Error(`${where} does not end`)))
    sent.end(body)
  })
}

async function graphql(query, headers = {}) {
  const body = JSON.stringify({ query })
  const type = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
  const answer = await ask('/graphql', { method: 'POST', headers: { ...type, ...headers }, body })
  return { ...answer, body: answer.text.startsWith('{') ? JSON.parse(answer.text) : null }
}

/** Every page of the app, with something in place of its parameters. */
function pathsOf(folder = path.join(web, 'app'), place = '') {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === 'page.tsx') return [place || '/']
    if (!entry.isDirectory()) return []
    const name = entry.name.startsWith('(')
      ? ''
      : `/${entry.name.replace(/\[.*\]/, marker.slice(0, 4))}`
    return pathsOf(path.join(folder, entry.name), `${place}${name}`)
  })
}

const subrequest = (name) => Array.from({ length: 5 }, () => name).join(':')
/** How an advisory of Next.js, or its own router, asks for a page in another way. */
const manners = [
  ['plainly', (page) => [page, {}]],
  ['as RSC', (page) => [page, { rsc: '1' }]],
  ['as RSC with its query', (page) => [`${page}?_rsc=1a2b3`, { rsc: '1' }]],
  ['as .rsc', (page) => [`${page === '/' ? '/index' : page}.rsc`, {}]],
  ['as a prefetch', (page) => [page, { rsc: '1', 'next-router-prefetch': '1' }]],
  [
    'as a segment',
    (page) => [
      page,
      { rsc: '1', 'next-router-prefetch': '1', 'next-router-segment-prefetch': '/_tree' },
    ],
  ],
  [
    'as a segment’s file',
    (page) => [`${page === '/' ? '/index' : page}.segments/_tree.segment.rsc`, {}],
  ],
  ['as middleware', (page) => [page, { 'x-middleware-subrequest': subrequest('middleware') }]],
  [
    'as src/middleware',
    (page) => [page, { 'x-middleware-subrequest': subrequest('src/middleware') }],
  ],
  ['as proxy', (page) => [page, { 'x-middleware-subrequest': subrequest('proxy') }]],
  ['as data', (page) => [page, { 'x-nextjs-data': '1', 'x-middleware-prefetch': '1' }]],
  ['as matched', (page) => [page, { 'x-matched-path': '/prompts', 'x-invoke-path': '/prompts' }]],
  [
    'rewritten',
    (page) => [
      page,
      { 'x-middleware-rewrite': `${api.url}/metrics`, 'x-original-url': '/prompts' },
    ],
  ],
  [
    'under another name',
    (page) => [page, { host: 'evil.example', 'x-forwarded-host': 'evil.example' }],
  ],
]

test('with a key the private text is there: what follows can fail', async () => {
  const query = '{ prompts { edges { node { text } } } }'
  const { text } = await graphql(query, { authorization: `Bearer ${api.key}` })
  assert.ok(text.includes(marker))
  const { body } = await graphql(query)
  assert.equal(body.errors[0].extensions.code, 'SIGN_IN_REQUIRED')
})

/** Only scripts of this server run, and of those in the page only the ones that the policy names. */
function assertScriptsLimited(policy, text, what) {
  assert.match(policy, /object-src 'none'/, what)
  if (!/^\s*<!doctype html/i.test(text)) return
  const allowed = /script-src ([^;]*);/.exec(policy)?.[1]?.split(' ') ?? []
  assert.ok(!/unsafe|https?:|\*|data:/.test(allowed.join(' ')), `${what}: ${policy}`)
  assert.match(policy, /script-src-attr 'none'/, what)
  for (const [, attributes, script] of text.matchAll(/<script([^>]*)>([\s\S]*?)<\/script>/g)) {
    if (/\ssrc="\/_next\//.test(attributes)) continue
    const nonce = /\snonce="([^"]+)"/.exec(attributes)?.[1]
    const hash = createHash('sha256').update(script).digest('base64')
    const named = [`'nonce-${nonce}'`, `'sha256-${hash}'`].some((one) => allowed.includes(one))
    assert.ok(named, `${what}: a script that the policy does not name: ${script.slice(0, 80)}`)
  }
}

describe('every page to a stranger', () => {
  for (const [manner, askedFor] of manners)
    test(manner, async () => {
      for (const page of pathsOf()) {
        const [where, headers] = askedFor(page)
        const { text, headers: told, status } = await ask(where, { headers })
        const what = `${where} ${manner}: ${status}`
        assert.ok(status < 500, what)
        assert.ok(!text.includes(marker) && !text.includes('ada@example.org'), what)
        assert.ok(!text.includes('imprint_requests'), what)
        assert.equal(told['x-powered-by'], undefined, what)
        if (status !== 200) continue
        assert.equal(told['x-content-type-options'], 'nosniff', what)
        assert.equal(told['x-frame-options'], 'SAMEORIGIN', what)
        assertScriptsLimited(told['content-security-policy'] ?? '', text, what)
      }
    })
})

describe('the way to the API', () => {
  test('is closed under a name that is not known, whatever else is said', async () => {
    for (const headers of [
      { host: `evil.example:${port}` },
      { host: `evil.example:${port}`, 'x-forwarded-host': `localhost:${port}` },
      {
        host: `evil.example:${port}`,
        'x-forwarded-host': 'localhost',
        forwarded: 'host=localhost',
      },
      { host: `localhost:${port}`, 'x-forwarded-host': 'evil.example' },
    ]) {
      const { status } = await graphql('{ server { ready } }', headers)
      const known = headers.host.startsWith('localhost')
      assert.equal(status, known ? 200 : 421, JSON.stringify(headers))
    }
  })

  test('leads to nothing but GraphQL and files', async () => {
    for (const where of [
      '/metrics',
      '/api/../metrics',
      '/api/%2e%2e/metrics',
      '/api/.%2e/readyz',
      '/api/..%2fmetrics',
      '/api/..%5cmetrics',
      '//metrics',
      '/api//metrics',
      '/api/auth/get-session',
      `http://127.0.0.1:${new URL(api.url).port}/metrics`,
      '/_next/image?url=http%3A%2F%2F169.254.169.254%2F&w=64&q=75',
    ]) {
      const { status, text } = await ask(where)
      assert.ok(status >= 300 && status < 500, `${where}: ${status}`)
      assert.ok(!text.includes('imprint_') && !text.includes('"checks"'), where)
    }
  })
})

describe('a page of others, or a program,', () => {
  test('finds no proxy for a WebSocket (CVE-2026-44578)', async () => {
    const headers = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' }
    const key = { 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' }
    for (const where of ['http://169.254.169.254/latest', `${api.url}/graphql`, '/graphql', '/']) {
      const status = await ask(where, { headers: { ...headers, ...key, host: '169.254.169.254' } })
        .then((answer) => answer.status)
        .catch(() => 0)
      assert.notEqual(status, 101, where)
    }
  })

  test('is told nothing as another origin', async () => {
    for (const method of ['OPTIONS', 'POST']) {
      const origin = { origin: 'https://evil.example', 'access-control-request-method': 'POST' }
      const { headers } = await ask('/graphql', { method, headers: origin })
      assert.equal(headers['access-control-allow-origin'], undefined)
    }
  })

  test('writes nothing by a form', async () => {
    const body = 'query=mutation{signOut{errors{code}}}'
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data']) {
      const headers = { 'content-type': type, 'content-length': body.length }
      const { status } = await ask('/graphql', { method: 'POST', headers, body })
      assert.ok([400, 415].includes(status), `${type}: ${status}`)
    }
  })

  test('finds no server action to call', async () => {
    const headers = { 'next-action': '0'.repeat(40), 'content-type': 'text/plain;charset=UTF-8' }
    const { status, text } = await ask('/prompts', { method: 'POST', headers, body: '[]' })
    assert.ok(status >= 400 && status < 500, String(status))
    assert.ok(!text.includes(marker))
  })
})

test('no version of a package is one with a known way in', () => {
  const least = { next: '16.2.6', react: '19.2.6', ws: '8.23.0', graphql: '16.15.0' }
  const more = { '@apollo/server': '5.5.0', 'better-auth': '1.7.0' }
  const numbers = (version) => version.split(/[.-]/).map(Number)
  for (const [name, version] of Object.entries({ ...least, ...more })) {
    const folder = name === 'better-auth' ? 'apps/api/node_modules' : 'node_modules'
    const file = path.join(root, folder, name, 'package.json')
    const found = numbers(JSON.parse(readFileSync(file, 'utf8')).version)
    const wanted = numbers(version)
    const place = wanted.findIndex((part, index) => part !== found[index])
    assert.ok(place === -1 || found[place] > wanted[place], `${name} ${found.join('.')}`)
  }
})
