// One plain sentence about a cell, made from its numbers.
import type { CellDetail } from './cell-detail'
import { matrixFacts } from './matrix-names'
import { showCount } from './numbers'
import { showToken } from './token-text'

export type SentencePart = { readonly text: string } | { readonly token: string }

export interface SentenceFacts {
  readonly cell: CellDetail
  readonly tokenHere: string
  readonly layers: number
  readonly vocabularySize: number
  readonly target: string | null
  /** Neurons that the update changes most here, strongest first. */
  readonly neurons: ReadonlyArray<{ readonly neuron: number; readonly change: number }>
}

const say = (text: string): SentencePart => ({ text })
const token = (text: string): SentencePart => ({ token: showToken(text) })

function listNumbers(numbers: readonly number[]): string {
  const shown = numbers.map((value) => String(value))
  return shown.length < 2
    ? (shown[0] ?? '')
    : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`
}

function targetPlace({ cell, target, vocabularySize }: SentenceFacts): SentencePart[] {
  if (target === null || cell.targetRank === null) return []
  const fromLast = vocabularySize - 1 - cell.targetRank
  if (fromLast === 0)
    return [
      say(' That is the target itself, the least probable of '),
      say(`${showCount(vocabularySize)} tokens in the raw gradient.`),
    ]
  const near = fromLast < vocabularySize / 100
  return near
    ? [
        say(' The target '),
        token(target),
        say(` is ${showCount(fromLast)} ${fromLast === 1 ? 'place' : 'places'} from that end.`),
      ]
    : []
}

function whereLit({ tokenHere, neurons }: SentenceFacts): SentencePart[] {
  const strongest = neurons.slice(0, 3).map(({ neuron }) => neuron)
  if (strongest.length === 0) return [say(' at '), token(tokenHere), say('.')]
  const plural = strongest.length > 1 ? 'neurons' : 'neuron'
  return [
    say(' whenever '),
    token(tokenHere),
    say(` lights its neurons; here it also moves ${plural} ${listNumbers(strongest)} most.`),
  ]
}

function sayWritten(facts: SentenceFacts): SentencePart[] {
  const written = facts.cell.bottom?.[0]
  const removed = facts.cell.top?.[0]
  if (!written || !removed) return []
  const at =
    facts.cell.surface === 'MLP_DOWN'
      ? whereLit(facts)
      : [say(' at '), token(facts.tokenHere), say('.')]
  return [
    say(`At layer ${facts.cell.layer} the update adds the direction of `),
    token(written.text),
    say(' and takes away that of '),
    token(removed.text),
    ...at,
    ...targetPlace(facts),
  ]
}

function sayRead(facts: SentenceFacts): SentencePart[] {
  const best = facts.cell.top?.[0]
  if (!best || facts.cell.surface === 'HIDDEN') return []
  const { label } = matrixFacts(facts.cell.surface)
  const [grown, shrunk] = [
    facts.neurons.filter(({ change }) => change > 0),
    facts.neurons.filter(({ change }) => change < 0),
  ]
  const imprint =
    facts.cell.surface === 'MLP_UP' && grown[0] && shrunk[0]
      ? [
          say(
            ` The update adds a copy of it to neuron ${grown[0].neuron} and subtracts one from neuron ${shrunk[0].neuron}.`,
          ),
        ]
      : []
  return [
    say(`At layer ${facts.cell.layer}, ${label} reads `),
    token(facts.tokenHere),
    say(' as '),
    token(best.text),
    say('; the update imprints this vector on what the matrix responds to.'),
    ...imprint,
  ]
}

function sayHidden({ cell, tokenHere, layers }: SentenceFacts): SentencePart[] {
  const best = cell.top?.[0]
  if (!best) return []
  const left = layers - 1 - cell.layer
  const when =
    left === 0
      ? 'After the last layer the model follows '
      : `After layer ${cell.layer}, with ${left} to go, the model would follow `
  return [say(when), token(tokenHere), say(' with '), token(best.text), say('.')]
}

export function describeCell(facts: SentenceFacts): readonly SentencePart[] {
  const { cell } = facts
  if (cell.surface === 'HIDDEN') return sayHidden(facts)
  if (cell.masked && cell.factor === 'VJP')
    return [say('Nothing is written here: the gradient is exactly zero.')]
  if (cell.top === null)
    return [
      say('This factor lives among neurons, not in the vocabulary, so it has a size but no words.'),
    ]
  return matrixFacts(cell.surface).projectable === 'VJP' ? sayWritten(facts) : sayRead(facts)
}
