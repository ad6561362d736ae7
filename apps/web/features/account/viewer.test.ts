import { describe, expect, it } from 'vitest'
import { initialsOf, refusalOf, type Me } from './viewer'

const me = (change: object): Me =>
  ({
    via: 'SESSION',
    role: 'VIEWER',
    actions: ['READ'],
    setupNeeded: false,
    ...change,
  }) as unknown as Me

describe('a refusal', () => {
  it('is none while nobody knows, and for those who may', () => {
    expect(refusalOf(null, 'COMPUTE')).toBeNull()
    expect(refusalOf(me({ actions: ['READ', 'COMPUTE'] }), 'COMPUTE', 'run')).toBeNull()
  })

  it('names the role and whom to ask', () => {
    expect(refusalOf(me({}), 'COMPUTE', 'run edits')).toBe(
      'Your role (viewer) cannot run edits. Ask an admin.',
    )
  })

  it('says to sign in, or to create the first account', () => {
    expect(refusalOf(me({ via: 'ANONYMOUS' }), 'COMPUTE', 'run')).toBe('Sign in to run.')
    expect(refusalOf(me({ via: 'ANONYMOUS', setupNeeded: true }), 'ANNOTATE')).toBe(
      'Create the owner account to write notes.',
    )
  })

  it('says that a shared view is for reading', () => {
    expect(refusalOf(me({ via: 'SHARE_LINK' }), 'COMPUTE', 'run')).toBe(
      'This shared view is for reading. Sign in to run.',
    )
  })

  it('knows people without a team', () => {
    expect(refusalOf(me({ role: null, actions: [] }), 'READ')).toContain('not in this team')
  })
})

it('makes initials of any name', () => {
  expect(initialsOf('Mina van Kato')).toBe('MK')
  expect(initialsOf('  åsa ')).toBe('Å')
  expect(initialsOf('Ada Lovelace 🧮')).toBe('AL')
  expect(initialsOf('🧮')).toBe('?')
  expect(initialsOf('')).toBe('?')
})
