import { createHash } from 'node:crypto'
import { createWriteStream, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import http from 'node:http'
import type { IncomingMessage, RequestListener, Server } from 'node:http'
import type { AddressInfo, LookupFunction } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { UserFailure } from '../../errors/user-failure.js'
import { eventually, startTestApi } from '../../testing/test-api.js'
import type { TestApi } from '../../testing/test-api.js'
import { fetchFile } from './fetch-file.js'
import { UploadStore } from './upload-store.js'

let api: TestApi
let folder: string
beforeAll(async () => {
  api = await startTestApi()
  folder = mkdtempSync(path.join(os.tmpdir(), 'imprint-transfer-'))
})
afterAll(async () => {
  await api.stop()
  rmSync(folder, { recursive: true, force: true })
})

const line = JSON.stringify({
  ...{ id: 'a', subject: 'Ambrose', prompt: '{} died in', target_new: 'Rome' },
})
const left = (): string[] => {
  const directory = path.join(api.environment.home, 'uploads')
  return existsSync(directory) ? readdirSync(directory) : []
}

const usual = { 'content-type': 'application/octet-stream', 'x-imprint-upload': '1' }

async function upload(body: string | Buffer, headers: Record<string, string> = usual) {
  const response = await fetch(`${api.url}/api/uploads?name=../my%20facts.jsonl`, {
    ...{ method: 'POST', headers, body },
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

describe('an upload', () => {
  it('becomes a data set and is gone then', async () => {
    const { status, body } = await upload(line)
    expect(status).toBe(201)
    expect(body).toEqual({
      id: expect.any(String),
      bytes: line.length,
      digest: createHash('sha256').update(line).digest('hex'),
    })
    expect(left()).toHaveLength(2)
    const { data } = await api.graphql(
      'mutation($input: ImportDatasetInput!) { importDataset(input: $input) { datasetImport { id name } errors { code } } }',
      { input: { source: `upload:${String(body['id'])}` } },
    )
    expect(data.importDataset).toMatchObject({ datasetImport: { name: 'my facts' }, errors: [] })
    const { id } = data.importDataset.datasetImport
    const done = await eventually(
      async () =>
        (
          await api.graphql(
            'query($id: ID!) { datasetImport(id: $id) { state error { code } dataset { cases } } }',
            { id },
          )
        ).data.datasetImport,
      ({ state }) => !['QUEUED', 'RUNNING'].includes(state),
    )
    expect(done).toEqual({ state: 'DONE', error: null, dataset: { cases: 1 } })
    await eventually(
      async () => left(),
      ({ length }) => length === 0,
    )
  })

  it('that cannot be read is called by the name it had, not by its id', async () => {
    const { body } = await upload('{"id": ')
    const { data } = await api.graphql(
      'mutation($input: ImportDatasetInput!) { importDataset(input: $input) { datasetImport { id } } }',
      { input: { source: `upload:${String(body['id'])}` } },
    )
    const failed = await eventually(
      async () =>
        (
          await api.graphql('query($id: ID!) { datasetImport(id: $id) { error { message } } }', {
            id: data.importDataset.datasetImport.id,
          })
        ).data.datasetImport,
      ({ error }) => error !== null,
    )
    expect(failed.error.message).toMatch(/^My facts.jsonl, line 1/i)
    await api.services.uploads.remove(
      path.join(api.environment.home, 'uploads', String(body['id'])),
    )
  })

  it.each<[string, Record<string, string>, number, string]>([
    ['without its header', { 'content-type': usual['content-type'] }, 403, 'UPLOAD_REFUSED'],
    ['from a foreign page', { ...usual, origin: 'https://evil.example' }, 403, 'UPLOAD_REFUSED'],
    ['as a form', { ...usual, 'content-type': 'text/plain' }, 415, 'UPLOAD_NOT_BYTES'],
    ['packed', { ...usual, 'content-encoding': 'gzip' }, 415, 'UPLOAD_NOT_BYTES'],
  ])('%s is refused, and nothing is kept', async (_, headers, status, code) => {
    const refused = await upload(line, headers)
    expect(refused).toMatchObject({ status, body: { code, cure: expect.any(String) } })
    expect(left()).toEqual([])
  })

  it('from a page of Imprint is taken', async () => {
    const origin = api.environment.webOrigins[0] as string
    const { status, body } = await upload(line, { ...usual, origin })
    expect(status).toBe(201)
    const found = await api.services.uploads.find(String(body['id']), api.viewer.userId)
    await api.services.uploads.remove(found.path)
  })

  it('under a foreign host name is refused', async () => {
    const status = await new Promise((resolve, reject) => {
      const headers = { ...usual, host: 'evil.example' }
      const request = http.request(`${api.url}/api/uploads`, { method: 'POST', headers })
      request.on('response', (response) => resolve(response.statusCode)).on('error', reject)
      request.end(line)
    })
    expect(status).toBe(421)
  })

  it('that is cut off leaves nothing', async () => {
    const headers = { ...usual, 'content-length': '1000000' }
    const request = http.request(`${api.url}/api/uploads`, { method: 'POST', headers })
    request.on('error', () => undefined)
    request.write(line)
    await eventually(
      async () => left(),
      ({ length }) => length > 0,
    )
    request.destroy()
    await eventually(
      async () => left(),
      ({ length }) => length === 0,
    )
  })
})

describe('a file that arrives', () => {
  const store = () => new UploadStore({ home: folder, uploadBytes: 1_000 })
  const kept = () => readdirSync(path.join(folder, 'uploads'))
  const failing = async (work: Promise<unknown>): Promise<UserFailure> => {
    const error = await work.then(
      () => null,
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(UserFailure)
    return error as UserFailure
  }

  it('larger than the limit is refused by what it says, or by what it sends', async () => {
    const bytes = Buffer.alloc(2_000)
    const said = await failing(
      store().receive(Readable.from([bytes]), 'me', { name: 'x', expected: 2_000 }),
    )
    expect(said.code).toBe('FILE_TOO_LARGE')
    const sent = await failing(
      store().receive(Readable.from([bytes]), 'me', { name: 'x', expected: null }),
    )
    expect(sent.code).toBe('FILE_TOO_LARGE')
    expect(kept()).toEqual([])
  })

  it('that does not fit on the disk is refused before it is sent', async () => {
    const huge = new UploadStore({ home: folder, uploadBytes: 2 ** 60 })
    const failure = await failing(
      huge.receive(Readable.from([]), 'me', { name: 'x', expected: 2 ** 59 }),
    )
    expect(failure).toMatchObject({ code: 'DISK_FULL' })
    expect(failure.message).toMatch(/MB are needed, \d+ MB are free/)
  })

  it.skipIf(!existsSync('/dev/full'))(
    'on a full disk leaves no file and says so; the next one works',
    async () => {
      for (let time = 0; time < 20; time++) {
        const open = () => createWriteStream('/dev/full')
        const work = store().receive(Readable.from([Buffer.from(line)]), 'me', {
          name: 'x',
          expected: null,
          open,
        })
        expect((await failing(work)).code).toBe('DISK_FULL')
      }
      expect(kept()).toEqual([])
      const { path: file } = await store().receive(Readable.from([Buffer.from(line)]), 'me', {
        name: 'x',
        expected: null,
      })
      expect(kept()).toHaveLength(2)
      await store().remove(file)
    },
  )

  it('with fewer bytes than promised is no file', async () => {
    const work = store().receive(Readable.from([Buffer.from('ab')]), 'me', {
      name: 'x',
      expected: 3,
    })
    expect((await failing(work)).code).toBe('TRANSFER_CUT_OFF')
    expect(kept()).toEqual([])
  })

  it('and is not used for a day is forgotten', async () => {
    const { path: file } = await store().receive(Readable.from([Buffer.from('ab')]), 'me', {
      name: 'x',
      expected: 2,
    })
    await store().removeOld(Date.now() + 86_000_000)
    expect(existsSync(file)).toBe(true)
    await store().removeOld(Date.now() + 87_000_000)
    expect(kept()).toEqual([])
  })
})

describe('a file from an address', () => {
  let server: Server
  let origin: string
  const asked: string[] = []
  const routes: Record<string, RequestListener> = {
    '/facts.jsonl': (_, response) => response.end(line),
    '/elsewhere': (_, response) => response.writeHead(302, { location: '/facts.jsonl' }).end(),
    '/inside': (_, response) =>
      response.writeHead(302, { location: 'http://127.0.0.1:1/secret' }).end(),
    '/script': (_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    '/round': (_, response) => response.writeHead(302, { location: '/round' }).end(),
    '/broken': (_, response) => {
      response.writeHead(200, { 'content-length': '1000' })
      response.write('x', () => response.destroy())
    },
    '/endless': (_, response) => void Readable.from(endless()).pipe(response),
  }
  async function* endless(): AsyncGenerator<Buffer> {
    for (;;) yield Buffer.alloc(1_000)
  }
  beforeAll(async () => {
    server = http.createServer((request: IncomingMessage, response) => {
      asked.push(request.url ?? '')
      const route = routes[request.url ?? '']
      if (route === undefined) response.writeHead(404).end()
      else route(request, response as never)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })

  let made = 0
  const get = (address: string, extra: { allowed?: string[]; lookup?: LookupFunction } = {}) =>
    fetchFile({
      ...{ address, allowed: [origin], limit: 100_000, onBytes: () => undefined },
      ...{ path: path.join(folder, `fetched-${made++}`), signal: AbortSignal.timeout(10_000) },
      ...extra,
    })
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'arrived',
      (error: unknown) => (error instanceof UserFailure ? error.code : String(error)),
    )

  it('that the server’s owner named is fetched, redirects of its own host included', async () => {
    const digest = createHash('sha256').update(line).digest('hex')
    expect(await get(`${origin}/facts.jsonl`)).toMatchObject({ bytes: line.length, digest })
    expect(await get(`${origin}/elsewhere`)).toMatchObject({ digest })
  })

  it.each([
    ['/inside', 'URL_NOT_ALLOWED'],
    ['/script', 'URL_NOT_ALLOWED'],
    ['/round', 'URL_UNREACHABLE'],
    ['/nothing', 'URL_UNREACHABLE'],
    ['/broken', 'TRANSFER_CUT_OFF'],
    ['/endless', 'FILE_TOO_LARGE'],
  ])('%s ends with %s and leaves no file', async (route, code) => {
    expect(await codeOf(get(`${origin}${route}`))).toBe(code)
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([])
  })

  /** Public when it is first asked, private when it is connected to. */
  const resolving =
    (...addresses: string[]): LookupFunction =>
    (_, options, callback) => {
      const found = addresses.map((address) => ({
        address,
        family: address.includes(':') ? 6 : 4,
      }))
      if (options.all === true) return callback(null, found)
      callback(null, found[0]?.address ?? '', found[0]?.family ?? 4)
    }

  it.each([
    ['127.0.0.1'],
    ['169.254.169.254'],
    ['10.1.2.3'],
    ['::1'],
    ['::ffff:127.0.0.1'],
    ['64:ff9b::7f00:1'],
    ['fd00::1'],
  ])('of an allowed name that leads to %s is not connected to', async (address) => {
    const before = asked.length
    const lookup = resolving('93.184.215.14', address)
    const work = get('https://data.example/facts.jsonl', { allowed: ['data.example'], lookup })
    expect(await codeOf(work)).toBe('URL_NOT_ALLOWED')
    expect(asked).toHaveLength(before)
  })

  it.each([
    'http://0x7f000001/x',
    'http://2130706433/x',
    'https://[::ffff:127.0.0.1]/x',
    'https://127.0.0.1/x',
    'https://data.example.evil.example/x',
    'https://data.example:8443/x',
    'https://user@data.example/x',
    'gopher://data.example/x',
    'https:///x',
  ])('%s is not asked for', async (address) => {
    const before = asked.length
    const allowed = ['data.example', '127.0.0.1', '.data.example']
    expect(await codeOf(get(address, { allowed }))).toBe('URL_NOT_ALLOWED')
    expect(asked).toHaveLength(before)
  })
})
