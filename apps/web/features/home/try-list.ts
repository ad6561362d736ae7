// Things to do with the bundled model, each one click away.
export interface Try {
  readonly href: string
  readonly title: string
  readonly words: string
}

export const TRIES: readonly Try[] = [
  {
    href: '/lens?prompt=The+capital+of+France+is&target=Berlin',
    title: 'Ask for Berlin',
    words: 'What would one step of training on “The capital of France is Berlin” write, and where?',
  },
  {
    href: '/lens?prompt=The+capital+of+Italy+is&target=Madrid',
    title: 'Ask about another fact',
    words: 'The same question about Italy: do the same layers answer?',
  },
  {
    href: '/edits/new?prompt=The+capital+of+France+is&subject=France&target=Berlin',
    title: 'Change a fact',
    words: 'Edit the model so that it says Berlin, and see what else it says then.',
  },
  {
    href: '/evaluations/new',
    title: 'Compare methods',
    words: 'Eleven ways to edit, the same facts, one table with intervals.',
  },
  {
    href: '/figures',
    title: 'Draw the paper’s figures',
    words: 'Over many prompts of any model here.',
  },
  {
    href: '/neurons',
    title: 'Name a neuron',
    words: 'Read what a neuron listens to and what it says, and write it down.',
  },
]

const KINDS: Readonly<Record<string, string>> = {
  MENTION: 'mentioned you',
  REPLY: 'replied',
  REVIEW_REQUESTED: 'asks for your review',
  DECISION: 'decided',
  CHANGES_MADE: 'made the changes',
}

export const inboxWords = (kind: string): string => KINDS[kind] ?? 'wrote'

/** `review.decided` -> "review decided". */
export const verbWords = (verb: string): string => verb.replaceAll(/[._-]+/g, ' ').toLowerCase()
