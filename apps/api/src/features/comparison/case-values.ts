// The engine's records of one case -> what a page shows of it: each prompt with its text, generated texts, the error.
import type { EvaluationCase } from '../../engine/protocol-library.js'
import { editPromptKinds } from '../../vocabulary/edit-names.js'
import type { GenerationPair } from '../edit/edit-effect.type.js'
import type { RunError } from '../lens-run/lens-run.type.js'
import type { CaseError, PromptNumbersRow, WholeRow } from './comparison.repository.js'
import type { CasePromptDetail } from './case-window.type.js'

export const toCaseError = ({ code, message, cure }: CaseError): RunError => ({
  ...{ code, message, cure, attempt: 1, retried: false },
})

/** The prompt of a template with its subject. */
export const fillPrompt = ({ prompt, subject }: EvaluationCase['request']): string =>
  prompt.replace('{}', () => subject)

/** Text and truth of a prompt of a case, by kind and place; texts of kinds that the case lacks are empty. */
function promptText(
  { request, paraphrases, neighbors, attributes = [] }: EvaluationCase,
  kind: string,
  index: number,
): { readonly prompt: string; readonly truth: string | null } {
  const truth = request.targetTrue
  const neighbor = neighbors[index]
  const texts: Readonly<Record<string, { prompt: string; truth: string | null }>> = {
    rewrite: { prompt: fillPrompt(request), truth },
    paraphrase: { prompt: paraphrases[index] ?? '', truth },
    neighborhood: { prompt: neighbor?.prompt ?? '', truth: neighbor?.target ?? null },
    portability: { prompt: attributes[index]?.prompt ?? '', truth: null },
  }
  return texts[kind] ?? { prompt: '', truth: null }
}

export function toPromptDetail(one: EvaluationCase, row: PromptNumbersRow): CasePromptDetail {
  const { kind, index, ...numbers } = row
  return {
    ...numbers,
    ...promptText(one, kind, index),
    kind: editPromptKinds.fromEngine(kind),
    target: one.request.targetNew,
    wanted: kind === 'neighborhood' ? 'true' : 'new',
  }
}

interface Texts {
  readonly generations?: readonly string[] | null
}

/** Texts of a row, prompt by prompt; what was generated begins with its prompt. */
export function toGenerations(one: EvaluationCase, { record }: WholeRow): GenerationPair[] {
  const { before, after } = record as { readonly before?: Texts; readonly after?: Texts }
  const texts = after?.generations ?? []
  return texts.map((text, index) => ({
    prompt: one.generationPrompts[index] ?? '',
    before: before?.generations?.[index] ?? '',
    after: text,
  }))
}
