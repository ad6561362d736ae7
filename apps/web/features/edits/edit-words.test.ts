import { describe, expect, it } from 'vitest'
import { ageOf, cutAtSubject, editTitle, joinPrompt, requestLine } from './edit-words'

const request = { subject: 'France', target: ' Berlin' }

describe('an edit in words', () => {
  it('says what changes', () => {
    expect(requestLine({ requests: [request], probes: { truth: ' Paris' } })).toBe(
      'France: Paris → Berlin',
    )
    expect(requestLine({ requests: [request, request] })).toBe('France: → Berlin, and 1 more')
    expect(editTitle({ requests: [request], method: 'rome' })).toBe('France: → Berlin (rome)')
    expect(editTitle({ name: ' mine ', requests: [request], method: 'rome' })).toBe('mine')
  })

  it('puts the subject in its place, whatever it contains', () => {
    expect(joinPrompt('The {} is', '$& $1')).toBe('The $& $1 is')
    expect(joinPrompt('No place', 'x')).toBe('No place')
  })

  it('finds the subject only where it stands once', () => {
    const cut = { before: 'The capital of ', subject: 'France', after: ' is' }
    expect(cutAtSubject('The capital of France is', 'France')).toEqual(cut)
    expect(cutAtSubject('The capital of {} is', 'France')).toEqual(cut)
    expect(cutAtSubject('France or France', 'France')).toBeNull()
    expect(cutAtSubject('Nothing', 'France')).toBeNull()
    expect(cutAtSubject('Nothing', '')).toBeNull()
  })

  it('tells the age in its largest unit', () => {
    const now = Date.parse('2026-01-02T00:00:00Z')
    const ages = ['2026-01-01T23:59:30Z', '2026-01-01T23:50:00Z', '2026-01-01T00:00:00Z']
    expect(ages.map((at) => ageOf(at, now))).toEqual(['now', '10 min', '1 d'])
    expect(ageOf('2026-01-03T00:00:00Z', now)).toBe('now')
  })
})
