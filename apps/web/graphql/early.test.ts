import { cacheExchange, Client, fetchExchange } from '@urql/core'
import { afterEach, expect, it, vi } from 'vitest'
import { early, earlyIfPlain, fromAddress, type EarlyAsk } from './early'
import { EARLY_SCRIPT } from './early-script'
import { takeEarly } from './early-answers'
import { LensRunDocument, LensRunsDocument, MeDocument } from './generated/graphql'

interface Fetched {
  readonly body: string
}

/** What the script sends on a page of this address, and what the page can take afterwards. */
function load(search: string, asks: readonly EarlyAsk[]) {
  const sent: Fetched[] = []
  vi.stubGlobal('window', globalThis)
  vi.stubGlobal('imprintEarly', undefined)
  vi.stubGlobal('location', { search })
  vi.stubGlobal('fetch', (_: string, init: Fetched) => {
    sent.push(init)
    return Promise.resolve(new Response(init.body))
  })
  const dataset = { asks: JSON.stringify(asks) }
  vi.stubGlobal('document', { currentScript: { dataset } })
  new Function(EARLY_SCRIPT)()
  return sent.map(({ body }) => JSON.parse(body) as { operationName: string; variables: unknown })
}

afterEach(() => vi.unstubAllGlobals())

it('asks to the letter what the client asks later', async () => {
  const bodies: unknown[] = []
  const client = new Client({
    url: '/graphql',
    preferGetMethod: false,
    exchanges: [cacheExchange, fetchExchange],
    fetch: (_, init) => {
      bodies.push(init?.body)
      return Promise.resolve(Response.json({ data: { lensRuns: null } }))
    },
  })
  const variables = { first: 20, after: null, filter: null }
  await client.query(LensRunsDocument, variables).toPromise()
  expect(early(LensRunsDocument, variables).body).toBe(bodies[0])
})

it('reads what stands in the address, and asks nothing that it leaves open', () => {
  const asks = [early(LensRunDocument, { id: fromAddress('run') }), earlyIfPlain(MeDocument, {})]
  expect(load('?run=a%22b', asks)).toMatchObject([{ variables: { id: 'a"b' } }])
  expect(load('?cell=1.2', asks)).toEqual([])
  expect(load('', asks)).toMatchObject([{ operationName: 'Me' }])
})

it('asks nothing before another project is chosen', () => {
  expect(load('?project=p2', [early(MeDocument, {})])).toEqual([])
})

it('gives each answer once, and none after something was changed', async () => {
  const asks = [early(MeDocument, {}), early(LensRunDocument, { id: 'one' })]
  load('', asks)
  expect(await (await takeEarly(asks[0]?.body))?.text()).toBe(asks[0]?.body)
  expect(takeEarly(asks[0]?.body)).toBeNull()
  takeEarly('{"operationName":"Rename","query":"mutation Rename{rename}"}')
  expect(takeEarly(asks[1]?.body)).toBeNull()
})
