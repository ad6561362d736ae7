'use client'
// Reactions to a comment: those given, each a switch, and the eight there are.
import { useState } from 'react'
import type { CommentFacts } from './thread-model'

export const EMOJI: ReadonlyArray<readonly [emoji: string, name: string]> = [
  ['👍', 'agree'],
  ['👎', 'disagree'],
  ['❤️', 'love it'],
  ['🎉', 'hooray'],
  ['🤔', 'wondering'],
  ['👀', 'looking'],
  ['🚀', 'ship it'],
  ['❓', 'unclear'],
]

const nameOf = (emoji: string): string => EMOJI.find(([one]) => one === emoji)?.[1] ?? emoji

type Given = CommentFacts['reactions'][number]

function wordsOf({ emoji, count, people }: Given): string {
  const who = people.length > 0 ? `: ${people.join(', ')}` : ''
  return `${nameOf(emoji)}, ${count}${who}`
}

interface ReactionsProps {
  readonly reactions: readonly Given[]
  readonly mayReact: boolean
  readonly onReact: (emoji: string, on: boolean) => void
}

export function Reactions({ reactions, mayReact, onReact }: ReactionsProps) {
  const [choosing, setChoosing] = useState(false)
  if (reactions.length === 0 && !mayReact) return null
  const mine = (emoji: string) => reactions.some((one) => one.emoji === emoji && one.mine)
  const close = (key: string) => key === 'Escape' && setChoosing(false)
  return (
    <span className="reactions" onKeyDown={(event) => close(event.key)} data-testid="reactions">
      {reactions.map((one) => (
        <button
          key={one.emoji}
          type="button"
          className="reaction"
          aria-pressed={one.mine}
          aria-label={wordsOf(one)}
          title={wordsOf(one)}
          disabled={!mayReact}
          onClick={() => onReact(one.emoji, !one.mine)}
        >
          <span aria-hidden>{one.emoji}</span> {one.count}
        </button>
      ))}
      {mayReact && (
        <button
          type="button"
          className="link"
          aria-expanded={choosing}
          onClick={() => setChoosing(!choosing)}
        >
          React
        </button>
      )}
      {choosing && (
        <span className="reaction-choice" role="group" aria-label="Reactions">
          {EMOJI.map(([emoji, name], index) => (
            <button
              key={emoji}
              type="button"
              className="icon"
              autoFocus={index === 0}
              aria-label={name}
              aria-pressed={mine(emoji)}
              title={name}
              onClick={() => {
                onReact(emoji, !mine(emoji))
                setChoosing(false)
              }}
            >
              {emoji}
            </button>
          ))}
        </span>
      )}
    </span>
  )
}
