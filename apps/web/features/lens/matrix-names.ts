// Names of matrices and lenses: the words of the glossary, the letters of an address, and what each choice means.
import type { FactorName, LensKind, MatrixName, TargetMode } from '../../graphql/generated/graphql'

export interface MatrixFacts {
  readonly name: MatrixName
  readonly label: string
  /** The factor that lives in the residual stream, so that it can be read in words. */
  readonly projectable: FactorName
  readonly meaning: string
}

export const MATRICES: readonly MatrixFacts[] = [
  {
    name: 'ATTENTION_QUERY',
    label: 'attention.query',
    projectable: 'INPUT',
    meaning: 'What the query of each head is computed from.',
  },
  {
    name: 'ATTENTION_KEY',
    label: 'attention.key',
    projectable: 'INPUT',
    meaning: 'What the key of each head is computed from.',
  },
  {
    name: 'ATTENTION_VALUE',
    label: 'attention.value',
    projectable: 'INPUT',
    meaning: 'What the value of each head is computed from.',
  },
  {
    name: 'ATTENTION_OUTPUT',
    label: 'attention.output',
    projectable: 'VJP',
    meaning: 'What attention writes back to the residual stream.',
  },
  {
    name: 'MLP_GATE',
    label: 'mlp.gate',
    projectable: 'INPUT',
    meaning: 'What opens the gate of each neuron.',
  },
  {
    name: 'MLP_UP',
    label: 'mlp.up',
    projectable: 'INPUT',
    meaning: 'What each neuron is lit by (FF1 in the paper).',
  },
  {
    name: 'MLP_DOWN',
    label: 'mlp.down',
    projectable: 'VJP',
    meaning: 'What each neuron writes (FF2 in the paper).',
  },
]

const BY_NAME = new Map(MATRICES.map((matrix) => [matrix.name, matrix]))
const BY_LABEL = new Map(MATRICES.map((matrix) => [matrix.label, matrix]))

export function matrixFacts(name: MatrixName): MatrixFacts {
  const facts = BY_NAME.get(name)
  if (!facts) throw new Error(`No matrix is called ${name}.`)
  return facts
}

export function matrixOfLabel(label: string): MatrixName | null {
  return BY_LABEL.get(label)?.name ?? null
}

export const LENSES: Readonly<
  Record<LensKind, { readonly label: string; readonly slug: string; readonly meaning: string }>
> = {
  FINAL_NORM: {
    label: 'final norm',
    slug: 'final-norm',
    meaning: "The model's own final norm, then the decoding matrix.",
  },
  NORMALIZED: {
    label: 'normalized',
    slug: 'normalized',
    meaning: 'The vector is scaled to length 1 before the final norm.',
  },
  RAW: { label: 'raw', slug: 'raw', meaning: 'The decoding matrix alone, without the final norm.' },
}

export const TARGET_MODES: Readonly<
  Record<TargetMode, { readonly label: string; readonly slug: string; readonly meaning: string }>
> = {
  FIRST: {
    label: 'first token',
    slug: 'first',
    meaning: 'Score only the first token of the target.',
  },
  LAST: {
    label: 'last token',
    slug: 'last',
    meaning: 'Score only the last token, at the prompt’s last position.',
  },
  SEQUENCE: {
    label: 'whole sequence',
    slug: 'sequence',
    meaning: 'Score every token, each after the ones before it.',
  },
}

export const FACTORS: Readonly<
  Record<FactorName, { readonly label: string; readonly symbol: string; readonly meaning: string }>
> = {
  INPUT: { label: 'input', symbol: 'x', meaning: 'x: what the matrix reads at a position.' },
  VJP: {
    label: 'VJP',
    symbol: 'δ',
    meaning: 'δ: the gradient of the loss at the matrix’s output.',
  },
}
