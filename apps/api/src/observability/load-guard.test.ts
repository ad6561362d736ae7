// The guard by itself: what it refuses when the event loop is late, whatever else this machine does.
import { EventEmitter } from 'node:events'
import type { Request, Response } from 'express'
import { Registry } from 'prom-client'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { fewestForLag, LoadGuard } from './load-guard.js'
import type { LoadLimits } from './load-guard.js'

let guard: LoadGuard | null = null
afterEach(() => guard?.close())

/** One request; `status` is null when it was let in. */
function ask(asked: LoadGuard, address = '127.0.0.1') {
  const answer = Object.assign(new EventEmitter(), {
    ...{ code: null as number | null, said: null as unknown, wait: '' },
    status: (code: number) => Object.assign(answer, { code }),
    set: (_name: string, wait: string) => Object.assign(answer, { wait }),
    json: (said: unknown) => Object.assign(answer, { said }),
  })
  const request = { socket: { remoteAddress: address } } as Request
  const next = vi.fn()
  void asked.admit(request, answer as unknown as Response, next)
  expect(next.mock.calls.length).toBe(answer.code === null ? 1 : 0)
  return answer
}

const open = (limits: Partial<LoadLimits>): LoadGuard => {
  guard = new LoadGuard(
    { requests: 10, requestsPerClient: 10, lag: 60_000, ...limits },
    new Registry(),
  )
  return guard
}

/** Nothing else turns for so long; then the guard looks. */
async function block(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 100))
  const end = Date.now() + milliseconds
  while (Date.now() < end);
  await new Promise((resolve) => setTimeout(resolve, 100))
}

describe('the load guard', () => {
  it('refuses with 503 what comes while the event loop is late and many are served', async () => {
    const late = open({ lag: 10, requests: 100, requestsPerClient: 100 })
    const served = Array.from({ length: fewestForLag }, () => ask(late))
    await block(1_500)
    const refused = ask(late)
    expect(refused).toMatchObject({ code: 503, wait: '1' })
    expect(JSON.stringify(refused.said)).toContain('OVERLOADED')
    served[0]?.emit('close')
    // With as few as one page asks, the delay is not of too many requests: the next one is let in.
    expect(ask(late).code).toBeNull()
  })

  it('refuses nobody for a delay below its limit', async () => {
    const patient = open({ lag: 600_000 })
    ask(patient)
    await block(1_500)
    expect(ask(patient).code).toBeNull()
  })

  it('counts requests of all and of one address, and forgets what has ended', () => {
    const few = open({ requests: 3, requestsPerClient: 2 })
    const [first] = [ask(few), ask(few)]
    expect(ask(few).code).toBe(429)
    expect(ask(few, '127.0.0.2').code).toBeNull()
    expect(ask(few, '127.0.0.3').code).toBe(503)
    first?.emit('close')
    expect(ask(few).code).toBeNull()
  })
})
