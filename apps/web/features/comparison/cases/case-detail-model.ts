// A case with its arms -> one row for every prompt, with what every method made of it.
import type { CaseDetailQuery, EditPromptKind } from '../../../graphql/generated/graphql'

export type CaseDetail = NonNullable<CaseDetailQuery['caseDetail']>
export type ArmDetail = CaseDetail['arms'][number]
export type PromptDetail = ArmDetail['prompts'][number]

export interface PromptRow {
  readonly kind: EditPromptKind
  readonly prompt: string
  readonly target: string | null
  readonly truth: string | null
  /** One entry an arm, in their order; null where the arm has none. */
  readonly byArm: readonly (PromptDetail | null)[]
}

/** Prompts in the order of the first arm that has them; a prompt that stands twice stays twice. */
export function promptRows(arms: readonly ArmDetail[]): readonly PromptRow[] {
  const rows = new Map<string, (PromptDetail | null)[]>()
  arms.forEach(({ prompts }, place) => {
    const seen = new Map<string, number>()
    for (const one of prompts) {
      const name = `${one.kind} ${one.prompt}`
      const times = seen.get(name) ?? 0
      seen.set(name, times + 1)
      const key = `${name} ${times}`
      const row = rows.get(key) ?? arms.map(() => null)
      row[place] = one
      rows.set(key, row)
    }
  })
  return [...rows.values()].flatMap((byArm) => {
    const first = byArm.find((one) => one !== null)
    if (!first) return []
    const { kind, prompt, target, truth } = first
    return [{ kind, prompt, target, truth, byArm }]
  })
}

export interface ContinuationRow {
  readonly prompt: string
  readonly before: string
  readonly byArm: readonly (string | null)[]
}

/** Texts that were generated from a prompt: the one before all edits, then each method's. */
export function continuationRows(arms: readonly ArmDetail[]): readonly ContinuationRow[] {
  const most = Math.max(0, ...arms.map(({ generations }) => generations.length))
  return Array.from({ length: most }, (_, index) => {
    const first = arms.find(({ generations }) => generations[index])?.generations[index]
    return {
      prompt: first?.prompt ?? '',
      before: first?.before ?? '',
      byArm: arms.map(({ generations }) => generations[index]?.after ?? null),
    }
  })
}

/** Where the unedited model can be looked into with this case. */
export function lensAddress(modelId: string | null, prompt: string, target: string | null): string {
  const query = new URLSearchParams({
    ...(modelId && { model: modelId }),
    prompt,
    ...(target && { target }),
  })
  return `/lens?${query.toString()}`
}
