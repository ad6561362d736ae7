// The rows of two arms on the same cases -> the prompts whose verdict differs: what one edit gets right and the other does not.
import { LensEngineError } from '../errors.js'
import type { ResultRecord, RowRecord } from './evaluation-record.js'
import type { PromptKind, PromptRow } from './metrics/case-row.js'
import { allCorrect, prefers } from './metrics/prompt-measures.js'

/**
 * `argmax`: every token of the wanted target is the most probable one; `preference`: the wanted target is more probable for
 * each token than the other one. Wanted is the new target, on neighborhood prompts the true one.
 */
export type FlipVerdict = 'argmax' | 'preference'

export interface CaseFlip {
  readonly caseId: string
  readonly relation: string
  readonly kind: PromptKind
  /** Place among the prompts of its kind, from 0. */
  readonly index: number
  /** Whether each edit makes the model answer as wanted. */
  readonly first: boolean
  readonly second: boolean
}

export interface FlipCounts {
  readonly kind: PromptKind
  /** Prompts that both arms have a verdict on. */
  readonly compared: number
  readonly onlyFirst: number
  readonly onlySecond: number
}

export interface Flips {
  readonly counts: readonly FlipCounts[]
  readonly flips: readonly CaseFlip[]
}

const verdicts = {
  argmax: { new: allCorrect('new'), true: allCorrect('true') },
  preference: { new: prefers('new'), true: prefers('true') },
} as const

/**
 * In the order of the records. Cases that one of the arms failed on are not compared.
 * @param records of one evaluation
 * @throws BAD_ARGUMENT for an arm without rows
 */
export function findFlips(
  records: readonly ResultRecord[],
  [first, second]: readonly [string, string],
  verdict: FlipVerdict,
): Flips {
  const [own, other] = [rowsOf(records, first), rowsOf(records, second)]
  const counts = new Map<PromptKind, { compared: number; onlyFirst: number; onlySecond: number }>()
  const flips: CaseFlip[] = []
  for (const [caseId, row] of own) {
    const twin = other.get(caseId)
    for (const prompt of row.prompts) {
      const one = verdictOf(prompt, verdict)
      const two = verdictOf(twin?.prompts.find(sameAs(prompt)), verdict)
      if (one === null || two === null) continue
      const { kind, index } = prompt
      const count = counts.get(kind) ?? { compared: 0, onlyFirst: 0, onlySecond: 0 }
      counts.set(kind, count)
      count.compared++
      if (one === two) continue
      count[one ? 'onlyFirst' : 'onlySecond']++
      flips.push({ caseId, relation: row.relation, kind, index, first: one, second: two })
    }
  }
  return { counts: [...counts].map(([kind, count]) => ({ kind, ...count })), flips }
}

const sameAs =
  ({ kind, index }: PromptRow) =>
  (other: PromptRow): boolean =>
    other.kind === kind && other.index === index

function verdictOf(prompt: PromptRow | undefined, verdict: FlipVerdict): boolean | null {
  if (prompt === undefined) return null
  const wanted = prompt.kind === 'neighborhood' ? 'true' : 'new'
  const value = verdicts[verdict][wanted](prompt, 'after')
  return value === null ? null : value === 1
}

function rowsOf(records: readonly ResultRecord[], arm: string): ReadonlyMap<string, RowRecord> {
  const rows = records.filter((one) => one.kind === 'row' && one.method === arm) as RowRecord[]
  if (rows.length > 0) return new Map(rows.map((row) => [row.caseId, row]))
  const known = [...new Set(records.map(({ method }) => method))].join(', ')
  throw new LensEngineError('BAD_ARGUMENT', `there are no rows of ${arm}`, {
    details: { arm, known },
    cure: `Compare two of: ${known}.`,
  })
}
