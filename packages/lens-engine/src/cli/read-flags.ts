// The text of a flag -> its value, or BAD_ARGUMENT with the flag, the text and what it takes.
import { matrixNames, type MatrixName } from '../architectures/hook-points.js'
import type { RecordRange } from '../datasets/record-range.js'
import { LensEngineError } from '../errors.js'

/** A typed refusal of a flag's text. */
export function badFlag(flag: string, text: string, wanted: string): LensEngineError {
  return new LensEngineError(
    'BAD_ARGUMENT',
    `${flag} takes ${wanted}, not ${JSON.stringify(text.slice(0, 80))}`,
    {
      details: { flag, value: text.slice(0, 80) },
      cure: `Give ${wanted}. \`lens --help\` shows examples.`,
    },
  )
}

/** Reader of a whole number from `least` to `most`. */
export function wholeNumber(flag: string, least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^-?\d{1,15}$/.test(text.trim()) ? Number(text) : NaN
    if (value >= least && value <= most) return value
    throw badFlag(flag, text, `a whole number from ${least} to ${most}`)
  }
}

/** Reader of one of a closed list of words. */
export function oneOf<Choice extends string>(
  flag: string,
  choices: readonly Choice[],
): (text: string) => Choice {
  return (text) => {
    const choice = choices.find((known) => known === text.trim())
    if (choice !== undefined) return choice
    throw badFlag(flag, text, `one of ${choices.join(', ')}`)
  }
}

/** Token ids separated by commas or spaces. Whether the model has them is checked by the engine. */
export function tokenIds(flag: string): (text: string) => readonly number[] {
  return (text) => {
    const parts = text.split(/[\s,]+/).filter((part) => part !== '')
    if (parts.every((part) => /^\d{1,12}$/.test(part))) return parts.map(Number)
    throw badFlag(flag, text, 'token ids such as 1,2,3')
  }
}

/** Adds matrices, separated by commas, to those of earlier flags. */
export function collectMatrices(
  text: string,
  earlier: readonly MatrixName[] = [],
): readonly MatrixName[] {
  const asked = text.split(',').map(oneOf('--matrix', matrixNames))
  return [...new Set([...earlier, ...asked])]
}

/** `1000-1499`: places of records, both included. */
export function readRecords(text: string): RecordRange {
  const match = /^\s*(\d{1,9})-(\d{1,9})\s*$/.exec(text)
  const [first, last] = [Number(match?.[1]), Number(match?.[2])]
  if (match !== null && first <= last) return { first, last }
  throw badFlag('--records', text, 'places such as 0-999')
}
