import { expect, it } from 'vitest'
import {
  auditCells,
  auditFilterOf,
  auditRecord,
  readAuditView,
  writeAuditView,
} from './audit-filter'

const noon = Date.parse('2026-03-10T12:34:56Z')
const row = {
  id: '1',
  actor: { id: 'u', handle: 'mina', name: '=Mina', image: null },
  via: 'API_KEY' as const,
  action: 'prompt.save',
  subject: 'p1',
  detailJson: '{"text":"x"}',
  createdAt: '2026-03-10T12:00:00Z',
}

it('has an address', () => {
  const view = { actor: 'u', action: 'edit', subject: '', days: '7' }
  expect(writeAuditView(view)).toBe('actor=u&action=edit&days=7')
  expect(readAuditView(new URLSearchParams(writeAuditView(view)))).toEqual(view)
  expect(readAuditView(new URLSearchParams('days=-1')).days).toBe('')
})

it('asks the same question all day', () => {
  const view = { actor: '', action: ' edit ', subject: '', days: '1' }
  const filter = { action: 'edit', since: '2026-03-09T00:00:00.000Z' }
  expect(auditFilterOf(view, noon)).toEqual(filter)
  expect(auditFilterOf(view, noon + 3_600_000)).toEqual(filter)
})

it('exports what was done, by whom', () => {
  expect(auditCells(row)).toEqual([
    row.createdAt,
    '=Mina',
    'mina',
    'api_key',
    'prompt.save',
    'p1',
    '{"text":"x"}',
  ])
  expect(auditRecord({ ...row, via: null, detailJson: 'no json' })).toMatchObject({
    actor: { handle: 'mina' },
    via: null,
    detail: 'no json',
  })
})
