import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import express from 'express'
import { describe, expect, it } from 'vitest'
import { Turns, beginByTurns } from './turns.js'

describe('turns', () => {
  it('serve many in the order they came, a few in each turn of the event loop', async () => {
    const turns = new Turns(4)
    const served: number[] = []
    const all = Array.from({ length: 30 }, (_, index) =>
      turns.take().then(() => served.push(index)),
    )
    const seen: number[] = []
    while (served.length < 30) {
      await nextTurn()
      seen.push(served.length)
    }
    await Promise.all(all)
    expect(served).toEqual(Array.from({ length: 30 }, (_, index) => index))
    expect(Math.max(...seen.map((count, index) => count - (seen[index - 1] ?? 0)))).toBe(4)
    expect(await turns.take()).toBeUndefined()
  })
})

describe('requests that begin by turns', () => {
  it('are all answered; one that was given up meanwhile is not begun', async () => {
    const begun: string[] = []
    const app = express()
    app.use((request, response, next) => {
      next()
      if (request.path === '/given-up') response.status(503).end()
    })
    app.use(beginByTurns(2))
    app.use((request, response) => {
      begun.push(request.path)
      response.end()
    })
    const server = createServer(app)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const ask = async (path: string) => (await fetch(url + path)).status
    const paths = Array.from({ length: 20 }, (_, index) => `/${index}`)
    const statuses = await Promise.all([ask('/given-up'), ...paths.map(ask)])
    expect(statuses).toEqual([503, ...paths.map(() => 200)])
    expect(begun.toSorted()).toEqual(paths.toSorted())
    server.close()
  })
})
