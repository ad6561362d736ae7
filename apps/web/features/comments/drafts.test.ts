import { beforeEach, expect, it, vi } from 'vitest'
import { draftName, keepDraft, keepUnsent, readDraft, readUnsent } from './drafts'

function memory(): Storage {
  const kept = new Map<string, string>()
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  } as unknown as Storage
}

beforeEach(() => vi.stubGlobal('localStorage', memory()))

it('keeps one draft per place and part', () => {
  const here = draftName('RUN/1', 'new')
  keepDraft(here, 'half a thou')
  expect(readDraft(here)).toBe('half a thou')
  expect(readDraft(draftName('RUN/2', 'new'))).toBe('')
  expect(readDraft(draftName('RUN/1', 'reply', 'c1'))).toBe('')
  keepDraft(here, '')
  expect(localStorage.getItem(`imprint.draft.${here}`)).toBeNull()
})

it('brings back what was sent in vain, under its old id', () => {
  keepUnsent('RUN/1', [{ clientMutationId: 'm1', parentId: null, body: 'hello', state: 'sending' }])
  expect(readUnsent('RUN/1')).toMatchObject([
    { clientMutationId: 'm1', body: 'hello', state: 'failed' },
  ])
  keepUnsent('RUN/1', [])
  expect(readUnsent('RUN/1')).toEqual([])
})

it('reads damaged storage as nothing', () => {
  localStorage.setItem('imprint.unsent.RUN/1', '{"no": "list"}')
  expect(readUnsent('RUN/1')).toEqual([])
  localStorage.setItem('imprint.unsent.RUN/1', '[1, {"body": 2}, null')
  expect(readUnsent('RUN/1')).toEqual([])
})

it('goes on without storage', () => {
  vi.stubGlobal('localStorage', {
    getItem: () => {
      throw new Error('refused')
    },
    setItem: () => {
      throw new Error('full')
    },
  })
  keepDraft('x', 'text')
  expect(readDraft('x')).toBe('')
  expect(readUnsent('x')).toEqual([])
})
