// What takes seconds to see: only `npm run test:security` runs it (IMPRINT_SLOW_CHECKS=1).
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually, startTestApi } from '../testing/test-api.js'
import type { TestApi } from '../testing/test-api.js'
import { askWith, setUpOwner } from '../testing/test-people.js'
import type { TestPerson } from '../testing/test-people.js'
import { hashPassword } from './passwords.js'
import { queueRun } from './testing/queue-run.js'
import { greet } from './testing/raw-socket.js'

const wanted = process.env['IMPRINT_SLOW_CHECKS'] === '1'
const minutes = 60_000

/** What is left afterwards is held by something. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
}

describe.runIf(wanted)('slowly', () => {
  let api: TestApi
  let owner: TestPerson
  beforeAll(async () => {
    api = await startTestApi({
      singleUser: false,
      variables: { IMPRINT_COST_PER_MINUTE: '100000000' },
    })
    owner = await setUpOwner(api)
  })
  afterAll(() => api.stop())

  it('a statement that does not end is ended by the database', { timeout: minutes }, async () => {
    const begun = Date.now()
    const work = api.database.pool.query('SELECT pg_sleep(60) -- a statement to be ended')
    await expect(work).rejects.toMatchObject({ code: '57014' })
    expect(Date.now() - begun).toBeLessThan(11_000)
    const { rows } = await api.database.pool.query(
      "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%to be ended' AND state = 'active' AND pid <> pg_backend_pid()",
    )
    expect(rows).toEqual([])
  })

  it('a socket whose client reads nothing is dropped', { timeout: 2 * minutes }, async () => {
    const open = async () => {
      const text = await (await fetch(`${api.url}/metrics`)).text()
      return Number(/^imprint_websockets (\d+)$/m.exec(text)?.[1])
    }
    const before = await open()
    const runId = await queueRun(api)
    const raw = greet(api, { cookie: owner.cookies }, {}, { autoPong: false })
    await eventually(
      async () => raw.seen.length,
      (count) => count > 0,
    )
    raw.subscribe('1', 'subscription($runId: ID!) { lensRunProgress(runId: $runId) { version } }', {
      runId,
    })
    raw.socket.pause()
    expect(await open()).toBe(before + 1)
    await eventually(open, (count) => count === before, 60_000)
    raw.socket.terminate()
  })

  it(
    'a hundred thousand different questions leave the memory bounded',
    { timeout: 20 * minutes },
    async () => {
      const ask = (from: number, count: number) =>
        Promise.all(
          Array.from({ length: count }, (_, index) =>
            askWith(api, {}, `query Q${from + index} { server { ready } } # ${'x'.repeat(200)}`),
          ),
        )
      for (let sent = 0; sent < 2_000; sent += 50) await ask(sent, 50)
      collectGarbage()
      const before = process.memoryUsage().heapUsed
      for (let sent = 2_000; sent < 100_000; sent += 50) await ask(sent, 50)
      collectGarbage()
      const growth = (process.memoryUsage().heapUsed - before) / 2 ** 20
      console.log(`98,000 more questions: heap ${growth.toFixed(1)} MB`)
      expect(growth).toBeLessThan(30)
    },
  )

  it(
    'a sign-in takes as long for an unknown address as for a wrong password',
    { timeout: 10 * minutes },
    async () => {
      const samples = Number(process.env['IMPRINT_SIGN_IN_SAMPLES'] ?? 1000)
      const query = 'mutation($input: SignInInput!) { signIn(input: $input) { errors { code } } }'
      const spent = { known: [] as number[], unknown: [] as number[] }
      for (let round = 0; round < samples; round += 1)
        for (const kind of ['known', 'unknown'] as const) {
          const email = kind === 'known' ? owner.email : `nobody${round}@example.org`
          await api.database.pool.query('DELETE FROM security.sign_in_limit')
          const begun = performance.now()
          await askWith(api, {}, query, { input: { email, password: 'not the password' } })
          spent[kind].push(performance.now() - begun)
        }
      const median = (values: number[]) =>
        values.sort((a, b) => a - b)[values.length >> 1] as number
      const [known, unknown] = [median(spent.known), median(spent.unknown)]
      console.log(
        `${samples} sign-ins: known ${known.toFixed(1)} ms, unknown ${unknown.toFixed(1)} ms`,
      )
      expect(unknown / known).toBeGreaterThan(0.8)
      expect(unknown / known).toBeLessThan(1.2)
    },
  )

  it(
    'eight hashes at once hold the event loop for less than 50 ms',
    { timeout: minutes },
    async () => {
      const eight = Array.from({ length: 8 }, (_, index) => `four quiet words ${index}`)
      let [last, longest] = [performance.now(), 0]
      const timer = setInterval(() => {
        longest = Math.max(longest, performance.now() - last)
        last = performance.now()
      }, 1)
      await Promise.all(eight.map((word) => hashPassword(word)))
      clearInterval(timer)
      console.log(`longest pause of the event loop: ${longest.toFixed(1)} ms`)
      expect(longest).toBeLessThan(50)
    },
  )
})
