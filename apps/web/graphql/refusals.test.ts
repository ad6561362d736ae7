import { CombinedError } from '@urql/core'
import { expect, it } from 'vitest'
import { firstRefusal, inPlainWords, onRefusal, readRefusal, showRefusal } from './refusals'

const failed = (code: string, more: object = {}) =>
  new CombinedError({
    graphQLErrors: [{ message: 'Sign in first: Mutation.x', extensions: { code, ...more } }],
  })

it('puts "not you" and "not now" in plain words and keeps the code', () => {
  const [plain] = inPlainWords(failed('SIGN_IN_REQUIRED')).graphQLErrors
  expect(plain?.message).toBe('This needs an account.')
  expect(plain?.extensions).toMatchObject({
    code: 'SIGN_IN_REQUIRED',
    cure: 'Sign in, then try again.',
  })
})

it('leaves any other error as it is', () => {
  expect(firstRefusal(failed('BAD_ARGUMENT'))).toBeNull()
  expect(inPlainWords(failed('BAD_ARGUMENT')).graphQLErrors[0]?.message).toContain('Mutation.x')
  expect(firstRefusal(new CombinedError({ networkError: new Error('lost') }))).toBeNull()
})

it('says how long to wait', () => {
  expect(firstRefusal(failed('RATE_LIMITED', { retryAfterSeconds: 1.2 }))?.cure).toBe(
    'Wait 2 seconds, then try again.',
  )
})

it('tells whoever listens, until it is closed', () => {
  let calls = 0
  const stop = onRefusal(() => (calls += 1))
  showRefusal(firstRefusal(failed('FORBIDDEN')))
  expect(readRefusal()?.code).toBe('FORBIDDEN')
  showRefusal(null)
  stop()
  expect([readRefusal(), calls]).toEqual([null, 2])
})
