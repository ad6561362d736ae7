import { describe, expect, it } from 'vitest'
import { rowsOf, type Way } from './ways'

const way = (id: string, provider: string, works = true): Way => ({
  ...{ id, provider, works, createdAt: '2026-11-23T08:00:00.000Z' },
})
const shown = (ways: readonly Way[], setUp: readonly string[]) =>
  rowsOf(ways, setUp).map(({ key, name, last }) => [key, name, last])

describe('the ways to sign in', () => {
  it('are what was set up, linked or not', () => {
    expect(shown([way('a', 'password')], ['password', 'github', 'oidc'])).toEqual([
      ['password', 'Password', true],
      ['github', 'GitHub', false],
      ['oidc', 'Your organisation', false],
    ])
  })

  it('are all there when one provider knows somebody twice', () => {
    const ways = [way('a', 'oidc'), way('b', 'oidc')]
    expect(shown(ways, ['password', 'oidc'])).toEqual([
      ['password', 'Password', false],
      ['oidc', 'Your organisation', false],
      ['b', 'Your organisation', false],
    ])
  })

  it('count only while the server takes them', () => {
    const ways = [way('old', 'oidc', false), way('a', 'oidc'), way('b', 'github', false)]
    expect(shown(ways, ['oidc'])).toEqual([
      ['oidc', 'Your organisation', true],
      ['old', 'Your organisation', false],
      ['b', 'GitHub', false],
    ])
  })
})
