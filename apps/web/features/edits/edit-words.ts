// The words of edits: requests in one line, levels and needs explained, ages.
import type {
  DefaultsProvenance,
  EditNeed,
  EditPromptKind,
  EditWarningLevel,
} from '../../graphql/generated/graphql'

export const METHODS = [
  'forward-shift',
  'sgd',
  'ft',
  'ft-l',
  'rome',
  'r-rome',
  'memit',
  'mend',
  'alphaedit',
  'no-edit',
  'random-layer',
  'scale-neuron',
] as const

interface Said {
  readonly label: string
  readonly meaning: string
}

export const LEVELS: Readonly<Record<EditWarningLevel, Said & { readonly slug: string }>> = {
  FINE: {
    slug: 'fine',
    label: 'fine',
    meaning: 'The edit is weaker than directions the matrix already has (spectral ratio below 1).',
  },
  LARGE: {
    slug: 'large',
    label: 'large',
    meaning:
      'The edit is stronger than the strongest direction of the matrix (spectral ratio from 1): look at the neighbors before you keep it.',
  },
  LIKELY_TO_BREAK: {
    slug: 'breaks',
    label: 'likely to break',
    meaning:
      'The edit writes more than eight times as strongly as anything in the matrix: other facts of the model are likely to be lost.',
  },
}

export const PROVENANCE: Readonly<Record<DefaultsProvenance, Said>> = {
  SWEPT: { label: 'swept', meaning: 'Found by a sweep on this model and tested.' },
  PUBLISHED: {
    label: 'published',
    meaning: 'From a paper or its code for this model; not tested here.',
  },
  DERIVED: {
    label: 'derived',
    meaning: 'Derived from another model by depth; neither published nor tested.',
  },
}

export const NEEDS: Readonly<Record<EditNeed, string>> = {
  KEY_COVARIANCE: 'key covariance of its layers',
  CONTEXT_TEMPLATES: 'context templates',
  MEND_CHECKPOINT: 'a trained editor (lens train-mend)',
}

export const PROMPT_KINDS: Readonly<Record<EditPromptKind, string>> = {
  REWRITE: 'rewrite',
  PARAPHRASE: 'paraphrase',
  NEIGHBORHOOD: 'neighbor',
  PORTABILITY: 'portability',
  ASKED: 'asked',
}

/** Where the subject goes in a prompt. */
export const PLACE = '{}'

/** The prompt with its subject in place. */
export function joinPrompt(prompt: string, subject: string): string {
  return prompt.replace(PLACE, () => subject)
}

export interface RequestParts {
  readonly before: string
  readonly subject: string
  readonly after: string
}

/** The prompt cut at its subject; null where the subject does not stand in it exactly once. */
export function cutAtSubject(prompt: string, subject: string): RequestParts | null {
  if (subject === '') return null
  const mark = prompt.includes(PLACE) ? PLACE : subject
  const [before, after, ...more] = prompt.split(mark)
  if (before === undefined || after === undefined || more.length > 0) return null
  return { before, subject, after }
}

interface NamedEdit {
  readonly name?: string | null
  readonly requests: readonly { readonly subject: string; readonly target: string }[]
  readonly probes?: { readonly truth?: string | null }
}

/** "France: Paris → Berlin", or the number of facts where there are several. */
export function requestLine({ requests, probes }: NamedEdit): string {
  const [first, ...others] = requests
  if (!first) return 'no request'
  const truth = probes?.truth?.trim()
  const change = `${first.subject.trim()}: ${truth ? `${truth} → ` : '→ '}${first.target.trim()}`
  if (others.length === 0) return change
  return `${change}, and ${others.length} more`
}

export function editTitle(edit: NamedEdit & { readonly method: string }): string {
  return edit.name?.trim() || `${requestLine(edit)} (${edit.method})`
}

const AGES: ReadonlyArray<readonly [seconds: number, unit: string]> = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
]

/** "3 min", "2 h": how long ago, in its largest unit. */
export function ageOf(at: string, now: number): string {
  const seconds = Math.max(0, (now - new Date(at).getTime()) / 1000)
  const found = AGES.find(([size]) => seconds >= size)
  return found ? `${Math.floor(seconds / found[0])} ${found[1]}` : 'now'
}

export const isLive = (state: string): boolean => state === 'QUEUED' || state === 'RUNNING'
