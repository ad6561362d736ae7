// The text of a comment: its limits, the emoji that may stand under it, and whom it mentions.
import { UserFailure } from '../../errors/user-failure.js'
import { checkText } from '../text-rules.js'

export const longestBody = 20_000
export const reactionEmoji = ['👍', '👎', '❤️', '🎉', '🤔', '👀', '🚀', '❓'] as const
/** Whom one comment may call. */
const mostMentions = 20

/** @throws TEXT_EMPTY, TEXT_TOO_LONG, TEXT_INVALID */
export function checkBody(body: string): string {
  const text = checkText(body, 'body', longestBody)
  if (text !== null && text.trim() !== '') return text
  const cure = 'Write something.'
  throw new UserFailure('TEXT_EMPTY', 'The comment is empty.', { field: 'body', cure })
}

/** @throws BAD_ARGUMENT */
export function checkEmoji(emoji: string): string {
  const known = reactionEmoji.find((one) => bare(one) === bare(emoji))
  if (known !== undefined) return known
  throw new UserFailure('BAD_ARGUMENT', 'This emoji cannot stand under a comment.', {
    field: 'emoji',
    cure: `Use one of ${reactionEmoji.join(' ')}.`,
  })
}

/** Without the mark that asks for a coloured picture, which keyboards add or leave out. */
const bare = (emoji: string): string => emoji.replaceAll('\ufe0f', '')

const code = /```[\s\S]*?(?:```|$)|`[^`\n]*`/g
const mention = /(?<![\w@/.`-])@([a-z0-9](?:[a-z0-9_.-]{0,62}[a-z0-9_])?)/gi

/** Handles after @ in lower case, each once, the first 20; what stands in code calls nobody. */
export function mentionedHandles(body: string): string[] {
  const found = [...body.replace(code, ' ').matchAll(mention)]
  return [...new Set(found.map(([, handle = '']) => handle.toLowerCase()))].slice(0, mostMentions)
}
