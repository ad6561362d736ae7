import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sendBytes, sha256, type Misbehaviour } from '../testing/hub-server.js'
import { makeWorld, type World } from '../testing/hub-world.js'

let world: World
beforeEach(async () => void (world = await makeWorld()))
afterEach(() => world.close())

const isCdn = ({ url }: IncomingMessage) => url!.startsWith('/cdn/')

/** Misbehaves on the CDN's first `times` requests. */
function onCdn(
  times: number,
  act: (request: IncomingMessage, response: ServerResponse, turn: number) => void,
): Misbehaviour {
  let turn = 0
  return (request, response) => {
    if (!isCdn(request) || turn >= times) return false
    act(request, response, turn++)
    return true
  }
}

const etag = () => `"${sha256(world.weights)}"`
const cdnRequests = () => world.hub.requests.filter(({ path }) => path.startsWith('/cdn/'))

async function expectWhole(): Promise<void> {
  const model = await world.get('hf:tiny/gpt2')
  expect(readFileSync(join(model.directory, 'model.safetensors')).equals(world.weights)).toBe(true)
  expect(world.cached('partials')).toEqual([])
}

function expectNothingKept(): void {
  expect(world.cached('partials')).toEqual([])
  expect(world.cached('blobs').filter((name) => name.startsWith('sha256'))).toEqual([])
  expect(world.stored()).toEqual([])
}

describe('a transfer that is cut', () => {
  it('goes on where it stopped, five times, and every byte is sent once', async () => {
    let sent = 0
    world.hub.misbehave = onCdn(5, (request, response) => {
      sent += sendBytes(request, response, world.weights, etag(), 20_000)
    })
    await expectWhole()
    expect(sent + world.hub.sentBytes).toBe(world.weights.length)
    const ranges = cdnRequests().map(({ headers }) => headers.range)
    expect(ranges).toEqual([undefined, ...[1, 2, 3, 4, 5].map((turn) => `bytes=${turn * 20_000}-`)])
    for (const { headers } of cdnRequests().slice(1)) expect(headers['if-range']).toBe(etag())
  })

  it('is given up after some attempts without a byte, and resumed by the next call', async () => {
    world.hub.misbehave = onCdn(4, (request, response, turn) =>
      turn === 0 ? sendBytes(request, response, world.weights, etag(), 50_000) : response.destroy(),
    )
    const error = await world.errorOf('hf:tiny/gpt2')
    expect(error).toMatchObject({ code: 'HUB_UNREACHABLE', details: { system: 'ECONNRESET' } })
    expect(world.cached('partials').filter((name) => name.endsWith('.free'))).toHaveLength(1)
    expect(world.stored()).toEqual([])
    await expectWhole()
    expect(cdnRequests().at(-1)!.headers.range).toMatch(/^bytes=(50000|[1-9]\d{3,4})-$/)
    expect(world.hub.sentBytes).toBeLessThan(world.weights.length)
  })

  it('that says it is whole but is short is no whole file', async () => {
    world.hub.misbehave = onCdn(9, (_request, response) => {
      response.writeHead(200, { etag: etag() })
      response.end(world.weights.subarray(0, 1000))
    })
    expect(await world.errorOf('hf:tiny/gpt2')).toMatchObject({
      code: 'HUB_UNREACHABLE',
      details: { reason: 'CUT_OFF' },
    })
  })

  it('keeps what arrived when it is stopped, and says so', async () => {
    const stop = new AbortController()
    world.hub.misbehave = onCdn(1, (request, response) => {
      sendBytes(request, response, world.weights, etag(), Infinity)
    })
    const error = await world.errorOf('hf:tiny/gpt2', {
      signal: stop.signal,
      onProgress: ({ file, receivedBytes }) => {
        if (file === 'model.safetensors' && receivedBytes > 1000) stop.abort()
      },
    })
    expect(error.code).toBe('DOWNLOAD_CANCELLED')
    expect(error.cure).toContain('go on from there')
    expect(world.stored()).toEqual([])
    await expectWhole()
  })
})

describe('a file that is not what the hub lists', () => {
  const flipped = () => {
    const bytes = Buffer.from(world.weights)
    bytes[bytes.length - 1]! ^= 1
    return bytes
  }

  it('is DOWNLOAD_DAMAGED by its checksum after a second try, and nothing of it is kept', async () => {
    world.hub.misbehave = onCdn(9, (request, response) =>
      sendBytes(request, response, flipped(), etag()),
    )
    const error = await world.errorOf('hf:tiny/gpt2')
    expect(error).toMatchObject({
      code: 'DOWNLOAD_DAMAGED',
      details: { reason: 'CHECKSUM', wanted: sha256(world.weights), found: sha256(flipped()) },
    })
    expect(cdnRequests()).toHaveLength(2)
    expectNothingKept()
  })

  it('is fetched again from the start, and fine the second time', async () => {
    world.hub.misbehave = onCdn(1, (request, response) =>
      sendBytes(request, response, flipped(), etag()),
    )
    await expectWhole()
    expect(cdnRequests().map(({ headers }) => headers.range)).toEqual([undefined, undefined])
  })

  it('has the checksum of its path at the hub checked too, small files included', async () => {
    world.hub.misbehave = (request, response) => {
      if (!request.url!.endsWith('/config.json')) return false
      const bytes = Buffer.from(world.files['config.json']!.toString().replace('64', '65'))
      sendBytes(request, response, bytes, '"x"')
      return true
    }
    expect(await world.errorOf('hf:tiny/gpt2')).toMatchObject({
      code: 'DOWNLOAD_DAMAGED',
      details: { file: 'config.json', reason: 'CHECKSUM' },
    })
    expectNothingKept()
  })

  it.each([
    ['short', -1],
    ['long', 1],
  ])('is DOWNLOAD_DAMAGED by its size when it is too %s', async (_word, more) => {
    const bytes = Buffer.concat([world.weights, Buffer.alloc(1)]).subarray(
      0,
      world.weights.length + more,
    )
    world.hub.misbehave = onCdn(9, (request, response) =>
      sendBytes(request, response, bytes, etag()),
    )
    expect(await world.errorOf('hf:tiny/gpt2')).toMatchObject({
      code: 'DOWNLOAD_DAMAGED',
      details: { reason: 'SIZE', wanted: world.weights.length, found: bytes.length },
    })
    expectNothingKept()
  })

  it('that never ends is stopped at its listed size', async () => {
    let closed = 0
    world.hub.misbehave = onCdn(9, (_request, response) => {
      response.writeHead(200)
      const timer = setInterval(() => response.write(Buffer.alloc(100_000)), 1)
      response.on('close', () => (clearInterval(timer), closed++))
    })
    expect(await world.errorOf('hf:tiny/gpt2')).toMatchObject({
      code: 'DOWNLOAD_DAMAGED',
      details: { reason: 'SIZE' },
    })
    expectNothingKept()
    await expect.poll(() => closed).toBe(2)
  })

  it('is announced with another checksum by its path', async () => {
    world.hub.misbehave = (request, response) => {
      if (!request.url!.includes('/resolve/') || !request.url!.includes('safetensors')) return false
      response
        .writeHead(302, {
          location: `/cdn/${sha256(world.weights)}`,
          'x-linked-etag': `"${'0'.repeat(64)}"`,
        })
        .end()
      return true
    }
    expect(await world.errorOf('hf:tiny/gpt2')).toMatchObject({
      code: 'DOWNLOAD_DAMAGED',
      details: { reason: 'CHECKSUM', found: '0'.repeat(64) },
    })
  })

  it('is gone from where the hub sends us', async () => {
    world.hub.misbehave = onCdn(9, (_request, response) => response.writeHead(404).end())
    expect(await world.errorOf('hf:tiny/gpt2')).toMatchObject({
      code: 'HUB_NOT_FOUND',
      details: { what: 'file' },
    })
  })
})

describe('a file that changes between two attempts', () => {
  it('is begun again when the hub sends it whole for a new ETag', async () => {
    const older = Buffer.alloc(world.weights.length, 7)
    world.hub.misbehave = onCdn(1, (request, response) =>
      sendBytes(request, response, older, '"older"', 60_000),
    )
    await expectWhole()
    expect(cdnRequests()[1]!.headers['if-range']).toBe('"older"')
    expect(world.hub.sentBytes).toBe(world.weights.length)
  })

  it('is begun again when the hub ignores If-Range and sends the rest of the new one', async () => {
    const older = Buffer.alloc(world.weights.length, 7)
    world.hub.misbehave = onCdn(2, (request, response, turn) => {
      if (turn === 0) return void sendBytes(request, response, older, '"older"', 60_000)
      delete request.headers['if-range']
      sendBytes(request, response, world.weights, etag())
    })
    await expectWhole()
    expect(cdnRequests().at(-1)!.headers.range).toBe(undefined)
  })

  it('is caught by its checksum where there are no ETags', async () => {
    const older = Buffer.alloc(world.weights.length, 7)
    world.hub.misbehave = onCdn(2, (request, response, turn) => {
      response.setHeader('etag', 'W/"weak"')
      const bytes = turn === 0 ? older : world.weights
      sendBytes(request, response, bytes, 'W/"weak"', turn === 0 ? 60_000 : Infinity)
    })
    await expectWhole()
    expect(cdnRequests().map(({ headers }) => headers['if-range'])).toEqual(
      Array(3).fill(undefined),
    )
  })

  it('is begun again when the rest is refused with 416', async () => {
    world.hub.misbehave = onCdn(2, (request, response, turn) =>
      turn === 0
        ? sendBytes(request, response, world.weights, etag(), 60_000)
        : response.writeHead(416).end(),
    )
    await expectWhole()
  })
})

describe('a hub that hangs', () => {
  it('in the middle of a file is STALLED, and what arrived is kept', async () => {
    world.hub.misbehave = onCdn(9, (request, response) => {
      const { length } = world.weights
      const start = Number(/\d+/.exec(request.headers.range ?? '0')![0])
      response.writeHead(start > 0 ? 206 : 200, {
        etag: etag(),
        'content-length': length - start,
        'content-range': `bytes ${start}-${length - 1}/${length}`,
      })
      if (start === 0) response.write(world.weights.subarray(0, 30_000))
      else response.flushHeaders()
    })
    const started = performance.now()
    const error = await world.errorOf('hf:tiny/gpt2')
    expect(error).toMatchObject({ code: 'HUB_UNREACHABLE', details: { reason: 'STALLED' } })
    expect(performance.now() - started).toBeLessThan(5000)
    world.hub.misbehave = () => false
    await expectWhole()
    expect(world.hub.sentBytes).toBe(world.weights.length - 30_000)
  })

  it('before it answers is STALLED', async () => {
    world.hub.misbehave = () => true
    expect(await world.errorOf('hf:tiny/gpt2')).toMatchObject({
      code: 'HUB_UNREACHABLE',
      details: { reason: 'STALLED' },
    })
    expect(world.hub.requests).toHaveLength(3)
  })

  it('while it drips a list byte by byte is given up', async () => {
    world.hub.misbehave = (_request, response) => {
      response.writeHead(200)
      const timer = setInterval(() => response.write(' '), 50)
      response.on('close', () => clearInterval(timer))
      return true
    }
    const answerMs = 300
    expect(await world.errorOf('hf:tiny/gpt2', {}, { answerMs })).toMatchObject({
      details: { reason: 'STALLED' },
    })
  })
})
