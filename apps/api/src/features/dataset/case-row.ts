// A case of a file -> the row that is stored, or the reason why PostgreSQL could not hold it.
import { createHash } from 'node:crypto'
import type { EvaluationCase } from '../../engine/dataset-library.js'
import { storableText } from '../text-rules.js'

export interface CaseRow {
  readonly place: number
  readonly caseId: string
  readonly relation: string
  readonly subject: string
  readonly prompt: string
  readonly targetNew: string | null
  readonly targetTrue: string | null
  readonly record: EvaluationCase
}

export interface RejectedCase {
  readonly record: number
  readonly field: string | null
  readonly reason: string
}

/** Longest texts, in characters, of columns that an index holds: its entries have at most 2,700 bytes. */
const limits = { id: 500, relation: 500 } as const

/** Why a case cannot be stored: the field and the reason; null when it can. */
export function faultOf(one: EvaluationCase): Pick<RejectedCase, 'field' | 'reason'> | null {
  const field = fieldWithNul(one, '')
  if (field !== null) return { field, reason: 'it holds a NUL character, which is not text' }
  if (one.id.length <= limits.id) return null
  return { field: 'id', reason: `the id has more than ${limits.id} characters` }
}

export function toCaseRow(one: EvaluationCase, place: number): CaseRow {
  const relation = shortRelation(one.relation.id)
  const { subject, prompt, targetNew, targetTrue } = one.request
  const record =
    relation === one.relation.id ? one : { ...one, relation: { ...one.relation, id: relation } }
  return { place, caseId: one.id, relation, subject, prompt, targetNew, targetTrue, record }
}

/** A relation that is named by a long prompt: its beginning, and enough of its digest to keep it apart from others. */
function shortRelation(id: string): string {
  if (id.length <= limits.relation) return id
  const digest = createHash('sha256').update(id).digest('hex').slice(0, 12)
  return storableText(`${id.slice(0, limits.relation - 14)}… ${digest}`)
}

/** The path of the first text with a NUL in it. */
function fieldWithNul(value: unknown, path: string): string | null {
  if (typeof value === 'string') return value.includes('\0') ? path : null
  if (typeof value !== 'object' || value === null) return null
  for (const [name, inner] of Object.entries(value)) {
    const step = Array.isArray(value) ? `[${name}]` : path === '' ? name : `.${name}`
    const found = fieldWithNul(inner, `${path}${step}`)
    if (found !== null) return found
  }
  return null
}
