// What passwords cost: the same work for every refused sign-in, and none of it on the event loop.
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { startTestApi } from '../testing/test-api.js'
import type { TestApi } from '../testing/test-api.js'
import { askWith, joinAs, setUpOwner } from '../testing/test-people.js'
import type { TestPerson } from '../testing/test-people.js'
import { checkPassword, hashPassword } from './passwords.js'

/** Every computation of argon2 in this process: its parameters. */
const computed = vi.hoisted(() => [] as string[])
vi.mock('@node-rs/argon2', async (original) => {
  const real = await original<typeof import('@node-rs/argon2')>()
  const hash: typeof real.hash = (password, options, ...rest) => {
    computed.push(`m=${options?.memoryCost},t=${options?.timeCost},p=${options?.parallelism}`)
    return real.hash(password, options, ...rest)
  }
  const verify: typeof real.verify = (stored, ...rest) => {
    computed.push(/m=\d+,t=\d+,p=\d+/.exec(String(stored))?.[0] ?? 'nothing')
    return real.verify(stored, ...rest)
  }
  return { ...real, hash, verify }
})

let api: TestApi
let owner: TestPerson
let guest: TestPerson
beforeAll(async () => {
  api = await startTestApi({ singleUser: false })
  owner = await setUpOwner(api)
  guest = await joinAs(api, owner, 'viewer', 'Greta Guest')
  // As somebody who only ever came by a provider.
  await api.database.prisma.credential.deleteMany({ where: { userId: guest.id } })
})
afterAll(() => api.stop())
beforeEach(async () => {
  await api.database.pool.query('DELETE FROM security.sign_in_limit')
  computed.length = 0
})

const signInAs = async (email: string): Promise<string> => {
  const { status, body } = await askWith(
    api,
    {},
    'mutation($input: SignInInput!) { signIn(input: $input) { me { via } errors { code field message cure } } }',
    { input: { email, password: 'not the password' } },
  )
  return JSON.stringify([status, body])
}

describe('a refused sign-in', () => {
  const once = ['m=19456,t=2,p=1']
  it('costs one hash of the same size and reads the same for whatever address is tried', async () => {
    const answers = new Set<string>()
    for (const email of [owner.email, guest.email, 'nobody@example.org']) {
      computed.length = 0
      answers.add(await signInAs(email))
      expect({ email, computed: [...computed] }).toEqual({ email, computed: once })
    }
    answers.add(await signInAs('no address'))
    expect(answers.size).toBe(1)
    expect([...answers][0]).toContain('SIGN_IN_FAILED')
  })

  it('beyond the limit costs none', async () => {
    for (let attempt = 0; attempt < 5; attempt += 1) await signInAs(owner.email)
    computed.length = 0
    expect(await signInAs(owner.email)).toContain('TOO_MANY_ATTEMPTS')
    expect(computed).toEqual([])
  })
})

describe('hashing', () => {
  /** Turns of the event loop until all is done; a computation on it would leave none between. */
  const turnsDuring = async (work: readonly Promise<unknown>[]): Promise<number> => {
    let [turns, done] = [0, false]
    const turn = (): void => {
      turns += 1
      if (!done) setImmediate(turn)
    }
    setImmediate(turn)
    await Promise.all(work)
    done = true
    return turns
  }

  it('eight at once, and checking eight, leaves the event loop free', async () => {
    const eight = Array.from({ length: 8 }, (_, index) => `four quiet words ${index}`)
    expect(await turnsDuring(eight.map((word) => hashPassword(word)))).toBeGreaterThan(100)
    const stored = await hashPassword('four quiet words 3')
    const checks = eight.map((word) => checkPassword(stored, word))
    expect(await turnsDuring(checks)).toBeGreaterThan(100)
    expect(await Promise.all(checks)).toEqual(eight.map((_, index) => index === 3))
  })
})
