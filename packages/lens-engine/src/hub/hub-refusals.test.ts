import { createServer, type Server } from 'node:http'
import type { AddressInfo, LookupFunction } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sendJson } from '../testing/hub-server.js'
import { makeWorld, type World } from '../testing/hub-world.js'
import { downloadModelUnder } from './download-model.js'
import { nextAddress } from './hub-request.js'
import { readHubSettings, usualConditions } from './hub-settings.js'
import { isPrivateAddress } from './private-address.js'
import { readRetryAfter } from './retry.js'

let world: World
beforeEach(async () => void (world = await makeWorld()))
afterEach(() => world.close())

describe('what the hub does not have or give', () => {
  it.each([
    ['hf:no/body', 'repository', 'no/body'],
    ['hf:tiny/gpt2@v9', 'revision', 'v9'],
    ['hf:tiny/gpt2:x.gguf', 'file', 'x.gguf'],
    ['hf:tiny/gpt2:sub/x.gguf', 'file', 'sub/x.gguf'],
  ])('%s is HUB_NOT_FOUND: %s', async (source, what, name) => {
    const error = await world.errorOf(source)
    expect(error).toMatchObject({ code: 'HUB_NOT_FOUND', details: { what, name } })
    expect(error.message).toContain(name)
  })

  it.each([401, 403])('%d is HUB_ACCESS_DENIED, with what to do', async (status) => {
    world.hub.misbehave = ({ url }, response) =>
      url!.includes('/resolve/') &&
      (response.setHeader('x-error-code', 'GatedRepo'), sendJson(response, status, {}))
    const without = await world.errorOf('hf:tiny/gpt2')
    expect(without).toMatchObject({ code: 'HUB_ACCESS_DENIED', details: { status } })
    expect(without.cure).toContain('set HF_TOKEN')
    const token = 'hf_verysecret'
    const refused = await world.errorOf('hf:tiny/gpt2', { token })
    expect(refused.message).toContain('refuses this access token')
    expect(JSON.stringify([refused, refused.stack])).not.toContain(token)
  })

  it('says "not found" for a 401 that means it', async () => {
    world.hub.misbehave = (_request, response) => {
      response.setHeader('x-error-code', 'RepoNotFound')
      return sendJson(response, 401, {})
    }
    const error = await world.errorOf('hf:tiny/gpt2')
    expect(error).toMatchObject({ code: 'HUB_NOT_FOUND', details: { what: 'repository' } })
    expect(error.cure).toContain('HF_TOKEN')
  })
})

describe('a busy hub', () => {
  it('is asked again after the time it names', async () => {
    let turns = 0
    world.hub.misbehave = (_request, response) =>
      turns++ === 0 && (response.setHeader('retry-after', '1'), sendJson(response, 429, {}))
    const started = performance.now()
    await world.get('hf:tiny/gpt2')
    expect(performance.now() - started).toBeGreaterThan(990)
  })

  it('that asks to wait an hour is HUB_RATE_LIMITED at once', async () => {
    world.hub.misbehave = (_request, response) => (
      response.setHeader('retry-after', '3600'),
      sendJson(response, 429, {})
    )
    expect(await world.errorOf('hf:tiny/gpt2')).toMatchObject({
      code: 'HUB_RATE_LIMITED',
      details: { retryAfterSeconds: 3600 },
    })
    expect(world.hub.requests).toHaveLength(1)
  })

  it('that stays busy is asked a bounded number of times', async () => {
    world.hub.misbehave = (_request, response) => sendJson(response, 429, {})
    expect((await world.errorOf('hf:tiny/gpt2')).code).toBe('HUB_RATE_LIMITED')
    expect(world.hub.requests).toHaveLength(3)
  })

  it.each(['api', 'cdn'])('answers 500 twice and then works (%s)', async (part) => {
    let turns = 0
    world.hub.misbehave = ({ url }, response) =>
      url!.startsWith(`/${part}/`) && turns++ < 2 && sendJson(response, 500 + turns, {})
    expect((await world.get('hf:tiny/gpt2')).name).toBe('gpt2')
  })

  it('that answers 500 for ever is HUB_UNREACHABLE with the status', async () => {
    world.hub.misbehave = (_request, response) => sendJson(response, 503, {})
    expect(await world.errorOf('hf:tiny/gpt2')).toMatchObject({
      code: 'HUB_UNREACHABLE',
      details: { reason: 'SERVER_ERROR', status: 503 },
    })
    expect(world.hub.requests).toHaveLength(3)
  })

  it('has its Retry-After read as seconds or as a date', () => {
    const now = Date.parse('2026-01-01T00:00:00Z')
    expect(readRetryAfter('7', now)).toBe(7000)
    expect(readRetryAfter('Thu, 01 Jan 2026 00:00:30 GMT', now)).toBe(30_000)
    expect(readRetryAfter('Wed, 31 Dec 2025 00:00:00 GMT', now)).toBe(0)
    for (const odd of [null, '', 'soon', '-1', '1e9']) expect(readRetryAfter(odd, now)).toBe(null)
  })
})

describe('an answer that is not a hub’s', () => {
  const file = { type: 'file', path: 'config.json', size: 1, oid: '0'.repeat(40) }
  const trees: [string, unknown][] = [
    ['upwards', [{ ...file, path: '../config.json' }]],
    ['upwards inside', [{ ...file, path: 'a/../../config.json' }]],
    ['absolute', [{ ...file, path: '/etc/passwd' }]],
    ['backslashes', [{ ...file, path: '..\\x' }]],
    ['NUL', [{ ...file, path: 'config.json\0.txt' }]],
    ['here', [{ ...file, path: './config.json' }]],
    ['a directory upwards', [{ ...file, type: 'directory', path: '..' }]],
    ['no path', [{ type: 'file', size: 1 }]],
    ['no checksum', [{ ...file, oid: undefined }]],
    ['a checksum that is a path', [{ ...file, oid: '../../../../../../../../../../../../../x' }]],
    ['a large file without sha256', [{ ...file, lfs: { oid: 'abc' } }]],
    ['a negative size', [{ ...file, size: -1 }]],
    ['half a byte', [{ ...file, size: 1.5 }]],
    ['a size beyond integers', [{ ...file, size: 2 ** 60 }]],
    ['no list', { files: [] }],
    ['null', null],
  ]
  it.each(trees)('a list of files with %s', async (_what, tree) => {
    world.hub.misbehave = ({ url }, response) =>
      url!.includes('/tree/') && sendJson(response, 200, tree)
    expect((await world.errorOf('hf:tiny/gpt2')).code).toBe('HUB_ANSWER_INVALID')
    expect(world.hub.requests.some(({ path }) => path.includes('/resolve/'))).toBe(false)
  })

  it.each([
    ['no JSON', 'nothing'],
    ['no commit', '{}'],
    ['a commit that is a path', '{"sha":"../../../../../../../../../../../../../../"}'],
    ['17 MB', `{"sha":"${'a'.repeat(17 * 2 ** 20)}"}`],
  ])('a revision with %s', async (_what, text) => {
    world.hub.misbehave = (_request, response) => (response.end(text), true)
    expect((await world.errorOf('hf:tiny/gpt2')).code).toBe('HUB_ANSWER_INVALID')
  })

  it('pages without an end, and pages of another host', async () => {
    let next = '/again'
    world.hub.misbehave = ({ url }, response) =>
      url!.includes('/revision/')
        ? false
        : (response.setHeader('link', `<${next}>; rel="next"`), sendJson(response, 200, [file]))
    expect((await world.errorOf('hf:tiny/gpt2')).code).toBe('HUB_ANSWER_INVALID')
    expect(world.hub.requests.length).toBeLessThan(60)
    next = 'http://169.254.169.254/latest'
    expect((await world.errorOf('hf:tiny/gpt2')).code).toBe('HUB_ANSWER_INVALID')
  })

  it('a file of another commit', async () => {
    world.hub.misbehave = ({ url }, response) => {
      if (url!.includes('/resolve/')) response.setHeader('x-repo-commit', 'f'.repeat(40))
      if (url!.includes('/resolve/')) response.end('{}')
      return url!.includes('/resolve/')
    }
    expect((await world.errorOf('hf:tiny/gpt2')).code).toBe('HUB_ANSWER_INVALID')
  })
})

describe('redirects', () => {
  let canary: Server
  let port = 0
  let seen: { authorization: string | undefined }[] = []
  beforeEach(async () => {
    seen = []
    canary = createServer((request, response) => {
      seen.push({ authorization: request.headers.authorization })
      response.end(world.weights)
    })
    await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve))
    port = (canary.address() as AddressInfo).port
  })
  afterEach(() => new Promise((resolve) => canary.close(resolve)))

  const redirectTo = (location: string) => {
    world.hub.misbehave = ({ url }, response) => {
      if (!url!.includes('model.safetensors')) return false
      response.writeHead(302, { location }).end()
      return true
    }
  }

  it.each([
    ['LOOP', '/tiny/gpt2/resolve/main/model.safetensors'],
    ['SCHEME', 'file:///etc/passwd'],
    ['SCHEME', 'gopher://127.0.0.1:70/'],
    ['SCHEME', 'data:text/plain,x'],
    ['CREDENTIALS', 'http://user:pass@127.0.0.1:PORT/'],
    ['PRIVATE_ADDRESS', 'http://127.0.0.1:PORT/'],
    ['PRIVATE_ADDRESS', 'http://[::ffff:127.0.0.1]:PORT/'],
    ['PRIVATE_ADDRESS', 'http://[::1]:PORT/'],
    ['PRIVATE_ADDRESS', 'http://0x7f000001:PORT/'],
    ['PRIVATE_ADDRESS', 'http://2130706433:PORT/'],
    ['PRIVATE_ADDRESS', 'http://127.1:PORT/'],
    ['PRIVATE_ADDRESS', 'http://0177.0.0.1:PORT/'],
    ['PRIVATE_ADDRESS', 'http://0.0.0.0:PORT/'],
    ['PRIVATE_ADDRESS', 'http://localhost:PORT/'],
    ['PRIVATE_ADDRESS', 'http://169.254.169.254/latest/meta-data/'],
    ['PRIVATE_ADDRESS', 'https://10.0.0.1/'],
    ['PRIVATE_ADDRESS', 'http://[64:ff9b::7f00:1]:PORT/'],
    ['PRIVATE_ADDRESS', 'http://[fd00::1]/'],
  ])('%s: %s is refused, and nobody is connected to', async (reason, location) => {
    redirectTo(location.replace('PORT', String(port)))
    const error = await world.errorOf('hf:tiny/gpt2', { token: 'hf_secret' })
    expect(error).toMatchObject({ code: 'HUB_REDIRECT_REFUSED', details: { reason } })
    expect(JSON.stringify(error)).not.toMatch(/hf_secret|user:pass/)
    expect(seen).toEqual([])
  })

  it('to a name are checked by the addresses that are connected to, all of them', async () => {
    redirectTo(`http://cdn.example:${port}/`)
    let turn = 0
    // Public when asked first and private after: the answer that is checked must be the one that is used.
    const answers = [['93.184.216.34', '127.0.0.1'], ['127.0.0.1']]
    const lookup: LookupFunction = (_name, _options, callback) => {
      const addresses = answers[Math.min(turn++, 1)]!.map((address) => ({ address, family: 4 }))
      callback(null, addresses)
    }
    for (let attempt = 0; attempt < 2; attempt++)
      expect(await world.errorOf('hf:tiny/gpt2', {}, { lookup })).toMatchObject({
        details: { reason: 'PRIVATE_ADDRESS' },
      })
    expect(turn).toBe(2)
    expect(seen).toEqual([])
  })

  it('send no token to another host, and show no query of its address', async () => {
    redirectTo(`http://127.0.0.1:${port}/file?signature=secret`)
    const token = 'hf_secret'
    await world.get('hf:tiny/gpt2', { token }, { isPrivate: () => false })
    expect(seen).toEqual([{ authorization: undefined }])
    for (const { headers } of world.hub.requests)
      expect(headers.authorization).toBe('Bearer hf_secret')
  })

  it('show no query of an address that is refused, as it may hold a signature', async () => {
    redirectTo(`http://127.0.0.1:${port}/file?signature=secret`)
    const error = await world.errorOf('hf:tiny/gpt2')
    expect(JSON.stringify([error, error.stack])).not.toContain('secret')
  })
})

describe('nextAddress', () => {
  const from = new URL('https://huggingface.co/a/b/resolve/main/x')
  const next = (endpoint: string, location: string) => {
    const settings = readHubSettings({ endpoint }, { ...usualConditions, environment: {} })
    return nextAddress(from, location, settings)
  }

  it('keeps to https and to the hosts of the public hub', () => {
    const hub = 'https://huggingface.co'
    for (const good of [
      '/b',
      'https://cdn-lfs.hf.co/x',
      'https://a.xethub.hf.co/x?y',
      'https://huggingface.co/x',
    ])
      expect(next(hub, good).protocol).toBe('https:')
    for (const [reason, bad] of [
      ['SCHEME', 'http://huggingface.co/x'],
      ['UNKNOWN_HOST', 'https://evil.example/x'],
      ['UNKNOWN_HOST', 'https://huggingface.co.evil.example/x'],
      ['UNKNOWN_HOST', 'https://nothf.co/x'],
    ] as const)
      expect(() => next(hub, bad)).toThrow(
        expect.objectContaining({ details: expect.objectContaining({ reason }) as unknown }),
      )
  })

  it('lets a mirror send us to any public host', () => {
    expect(next('https://mirror.example', 'https://elsewhere.example/x').host).toBe(
      'elsewhere.example',
    )
    expect(() => next('https://mirror.example', 'https://192.168.0.1/x')).toThrow('private')
  })
})

describe('settings', () => {
  it.each(['ftp://x', 'nonsense', 'http://user:secret@host', 'file:///x', 'javascript:1'])(
    'refuses the endpoint %s and shows no password',
    async (endpoint) => {
      const error = await world.errorOf('hf:tiny/gpt2', { endpoint })
      expect(error.code).toBe('BAD_ARGUMENT')
      expect(JSON.stringify(error)).not.toContain('secret')
    },
  )

  it('refuses a token that could write headers, without showing it', async () => {
    const error = await world.errorOf('hf:tiny/gpt2', { token: 'hf_x\r\nx-evil: 1' })
    expect(error.code).toBe('BAD_ARGUMENT')
    expect(JSON.stringify(error)).not.toContain('evil')
  })

  it('takes endpoint and token from the environment', async () => {
    const environment = { HF_ENDPOINT: `${world.hub.endpoint}/`, HF_TOKEN: ' hf_abc\n' }
    const source = { kind: 'hub', repository: 'tiny/gpt2', revision: null, file: null } as const
    await downloadModelUnder({ ...usualConditions, environment }, source, {
      home: world.home,
    })
    expect(world.hub.requests[0]).toMatchObject({
      path: '/api/models/tiny/gpt2/revision/main',
      headers: { authorization: 'Bearer hf_abc' },
    })
  })
})

describe('isPrivateAddress', () => {
  it.each(
    (
      '0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 127.255.255.255 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.2.1 ' +
      '192.168.1.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 255.255.255.255 :: ::1 ::127.0.0.1 ' +
      '::ffff:127.0.0.1 ::ffff:8.8.8.8 64:ff9b::a00:1 2001::1 2001:db8::1 2002:7f00:1:: fc00::1 fd12::1 fe80::1 fe80::1%eth0 ' +
      'ff02::1 [::1] nonsense 999.1.1.1'.trim()
    ).split(' '),
  )('%s', (address) => expect(isPrivateAddress(address)).toBe(true))

  it.each([
    '8.8.8.8',
    '93.184.216.34',
    '172.32.0.1',
    '100.128.0.1',
    '2606:4700::1',
    '[2a00:1450::1]',
  ])('%s is public', (address) => expect(isPrivateAddress(address)).toBe(false))
})
