// The prompts of a raw row -> the quantities that protocols average: successes, magnitudes, argmax and token accuracies.
import type { CaseRow, PromptKind, PromptRow, Side, TargetReading } from './case-row.js'
import { meanOf, type Measured } from './measured.js'

/** What one prompt contributes, or null when it has not what the measure needs. */
type PromptMeasure = (prompt: PromptRow, side: Side) => number | null

type TargetName = 'new' | 'true'

/** Length-normalised negative log likelihood: nats per target token. */
const perToken = ({ nll, tokens }: TargetReading): number => nll / tokens

/** 1 when `better` has the smaller NLL per token; a tie fails. ROME and MEMIT, ES, PS and NS. */
export const prefers =
  (better: TargetName): PromptMeasure =>
  (prompt, side) => {
    const [a, b] = [prompt[side].new, prompt[side].true]
    if (a === null || b === null) return null
    return Number(better === 'new' ? perToken(b) > perToken(a) : perToken(b) < perToken(a))
  }

/** Difference of the geometric-mean token probabilities, `better` less the other. ROME, EM, PM and NM. */
export const probabilityGap =
  (better: TargetName): PromptMeasure =>
  (prompt, side) => {
    const [a, b] = [prompt[side].new, prompt[side].true]
    if (a === null || b === null) return null
    const gap = Math.exp(-perToken(a)) - Math.exp(-perToken(b))
    return better === 'new' ? gap : -gap
  }

/** 1 when every token of the target is the most probable one. Backward Lens. */
export const allCorrect =
  (target: TargetName): PromptMeasure =>
  (prompt, side) => {
    const reading = prompt[side][target]
    return reading === null ? null : Number(reading.correct.every(Boolean))
  }

/** Share of the target's tokens that are the most probable ones. EasyEdit and zsRE. */
export const tokenAccuracy =
  (target: TargetName): PromptMeasure =>
  (prompt, side) => {
    const reading = prompt[side][target]
    return reading === null ? null : share(reading.correct)
  }

/** Share of the target's places where the most probable token is the one before the edit. EasyEdit locality. */
export const agreement =
  (target: TargetName): PromptMeasure =>
  (prompt, side) => {
    const [base, reading] = [prompt.before[target], prompt[side][target]]
    if (base === null || reading === null) return null
    return share(reading.argmax.map((token, place) => token === base.argmax[place]))
  }

/** KL to the base model of the next token. */
export const klToBase: PromptMeasure = ({ klToBase: kl }, side) => (side === 'before' ? 0 : kl)

/** Mean of a measure over the prompts of a kind; not available when a prompt lacks it or there is none. */
export function overPrompts(kind: PromptKind, measure: PromptMeasure) {
  return (row: CaseRow, side: Side): Measured => {
    const values = row.prompts
      .filter((prompt) => prompt.kind === kind)
      .map((prompt) => measure(prompt, side))
    const known = values.filter((value) => value !== null)
    if (known.length < values.length) {
      return { available: false, reason: `a ${kind} prompt lacks a reading` }
    }
    return meanOf(known, `the case has no ${kind} prompts`)
  }
}

function share(flags: readonly boolean[]): number {
  return flags.filter(Boolean).length / flags.length
}
