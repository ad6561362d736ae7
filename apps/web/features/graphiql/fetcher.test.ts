import { describe, expect, it } from 'vitest'
import { isSubscription } from './fetcher'

describe('the road an operation takes', () => {
  it('is the websocket for subscriptions only', () => {
    expect(isSubscription({ query: 'subscription A { x }' })).toBe(true)
    expect(isSubscription({ query: '# subscription\n{ x }' })).toBe(false)
    expect(isSubscription({ query: 'query A { subscription }' })).toBe(false)
  })

  it('goes by the chosen operation of several', () => {
    const query = 'query A { x }\nsubscription B { y }'
    expect(isSubscription({ query, operationName: 'B' })).toBe(true)
    expect(isSubscription({ query, operationName: 'A' })).toBe(false)
  })
})
