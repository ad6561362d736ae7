import { expect, it } from 'vitest'
import type { Me } from '../account/viewer'
import { daysOf, scopeRefusal, standingOf } from './scopes'

const now = Date.parse('2026-01-02T00:00:00Z')

it('knows what still works', () => {
  expect(standingOf({ expiresAt: null }, now)).toBe('live')
  expect(standingOf({ expiresAt: '2026-01-02T00:00:00Z' }, now)).toBe('expired')
  expect(standingOf({ expiresAt: '2025-01-01T00:00:00Z', revokedAt: '2025' }, now)).toBe('revoked')
})

it('lets nobody give a right that they lack', () => {
  const me = { role: 'VIEWER', actions: ['READ'] } as unknown as Me
  expect(scopeRefusal(me, 'READ')).toBeNull()
  expect(scopeRefusal(me, 'COMPUTE')).toContain('viewer')
})

it('reads "never" as no end', () => {
  expect([daysOf(''), daysOf('30')]).toEqual([null, 30])
})
