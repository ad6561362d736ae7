import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { runProgram } from './program.js'

const directory = mkdtempSync(path.join(os.tmpdir(), 'lens-transfer-'))
const home = path.join(directory, 'home')
const printed: string[] = []
const errors: string[] = []
const uploads: string[] = []
const me = {
  via: 'API_KEY',
  role: 'ADMIN',
  actions: ['READ'],
  person: { name: 'Ada' },
  project: null,
}
const key = 'lens_live_abc'

/** As the API answers; only this key is known. */
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const body = Buffer.concat(chunks).toString()
  const send = (status: number, value: unknown): void =>
    void response.writeHead(status).end(JSON.stringify(value))
  if (request.headers.authorization !== `Bearer ${key}`) {
    const extensions = { code: 'API_KEY_REFUSED', cure: 'Make another.' }
    return send(200, { errors: [{ message: 'The key is not known.', extensions }] })
  }
  if (request.url === '/api/runs/r1.json') return send(200, { format: 'imprint-run', rows: [] })
  if (request.url?.startsWith('/api/runs/'))
    return send(404, { code: 'EXPORT_NOT_FOUND', message: 'no' })
  if (request.url?.startsWith('/api/uploads')) {
    uploads.push(body)
    return send(201, { id: 'u1' })
  }
  if (body.includes('importRun'))
    return send(200, { data: { importRun: { run: { id: 'new' }, errors: [] } } })
  if (body.includes('importEdit')) {
    const refusal = { code: 'EXPORT_NEEDS', message: 'a model is missing', cure: 'Add it.' }
    return send(200, { data: { importEdit: { edit: null, errors: [refusal] } } })
  }
  send(200, { data: { me } })
})
let url = ''

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => errors.push(String(text)) > 0)
})
beforeEach(() => void (printed.length = errors.length = 0))
afterAll(() => {
  vi.restoreAllMocks()
  server.close()
  rmSync(directory, { recursive: true, force: true })
})

const lens = (...words: string[]): Promise<number> =>
  runProgram(words, {
    home,
    print: (lines) => void printed.push(...lines),
    progress: () => undefined,
    style: () => ({ paint: ((text: string) => text) as never, width: 100 }),
  })
const inDirectory = (name: string): string => path.join(directory, name)

it('nothing is sent before a login, and a wrong key or address is not kept', async () => {
  expect(await lens('pull', 'run', 'r1')).toBe(2)
  expect(errors.join('')).toContain('SERVER_UNKNOWN')
  expect(await lens('login', url, '--key', 'lens_live_wrong')).toBe(3)
  expect(errors.join('')).toContain('API_KEY_REFUSED')
  expect(await lens('login', 'http://127.0.0.1:1')).toBe(3)
  expect(await lens('login', 'ftp://x')).toBe(2)
  expect(await lens('login', 'http://a:b@c')).toBe(2)
  expect(await lens('whoami')).toBe(2)
})

it('a login is kept for its owner alone and never printed', async () => {
  expect(await lens('login', `${url}/`, '--key', key)).toBe(0)
  const file = path.join(home, 'server.json')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ url, key })
  expect(await lens('whoami', '--json')).toBe(0)
  expect(JSON.parse(printed.at(-1) ?? '')).toMatchObject({ url, person: 'Ada', actions: ['READ'] })
  expect([...printed, ...errors].join('')).not.toContain(key)
})

it('what is pulled is pushed again as it is', async () => {
  const file = inDirectory('run.json')
  expect(await lens('pull', 'run', 'r1', '--out', file, '--json')).toBe(0)
  expect(JSON.parse(printed[0] ?? '')).toMatchObject({ kind: 'run', file })
  expect(await lens('push', file, '--json')).toBe(0)
  expect(uploads).toEqual([readFileSync(file, 'utf8')])
  expect(JSON.parse(printed[1] ?? '')).toEqual({ kind: 'run', id: 'new', file })
})

it('refusals keep the server’s code, and nothing half-written stays', async () => {
  expect(await lens('pull', 'run', 'other', '--out', inDirectory('none.json'), '--json')).toBe(3)
  expect(JSON.parse(errors.join('')).error).toMatchObject({
    ...{ code: 'SERVER_REFUSED', details: { code: 'EXPORT_NOT_FOUND' } },
  })
  expect(() => statSync(inDirectory('none.json'))).toThrow()
  expect(await lens('pull', 'model', 'r1')).toBe(2)
  expect(await lens('pull', 'run', '../x')).toBe(2)
  const edit = inDirectory('edit.json')
  writeFileSync(edit, '{"format":"imprint-edit"}')
  expect(await lens('push', edit)).toBe(3)
  expect(errors.join('')).toContain('EXPORT_NEEDS')
  writeFileSync(edit, '{"format":"other"}')
  expect(await lens('push', edit)).toBe(2)
  expect(await lens('push', inDirectory('absent'))).toBe(3)
})

it('logout forgets', async () => {
  expect(await lens('logout', '--json')).toBe(0)
  expect(printed).toEqual(['{"forgotten":true}'])
  expect(await lens('whoami')).toBe(2)
})
