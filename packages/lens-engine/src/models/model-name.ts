// What a model may be called, and which known name a mistyped one was probably meant to be.
import { LensEngineError } from '../errors.js'

const plainName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

/** Names that always mean the model in the repository. */
export const bundledNames: readonly string[] = ['bundled', 'facts-gpt2']

/** Whether `text` can name a model: no separators, no leading dot, at most 64 characters. */
export function isModelName(text: string): boolean {
  return plainName.test(text) && !text.includes('..')
}

/** Whether `text` is written as a place in the file system rather than as a name. */
export function looksLikePath(text: string): boolean {
  return /[/\\]/.test(text) || text.startsWith('.') || text.startsWith('~')
}

/** A plain name made from any text, such as a directory's base name. */
export function toModelName(text: string): string {
  const plain = text
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/\.\.+/g, '.')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 64)
  return plain === '' ? 'model' : plain
}

/** Refuses a name given by a user. @throws BAD_ARGUMENT */
export function checkModelName(name: string): void {
  if (isModelName(name) && !bundledNames.includes(name)) return
  throw new LensEngineError(
    'BAD_ARGUMENT',
    `${JSON.stringify(name.slice(0, 80))} cannot name a model`,
    {
      details: { name: name.slice(0, 80) },
      cure: `Use up to 64 letters, digits, dots, dashes and underscores; ${bundledNames.join(' and ')} are taken.`,
    },
  )
}

/** The refusal of a model that is neither known by name nor a directory, with the nearest known names. */
export function modelNotFound(asked: string, known: readonly string[]): LensEngineError {
  const shown = JSON.stringify(asked.slice(0, 200))
  const near = known
    .map((name) => ({
      name,
      distance: editDistance(asked.slice(0, 64).toLowerCase(), name.toLowerCase()),
    }))
    .filter(({ name, distance }) => distance <= Math.max(2, name.length / 3))
    .sort((left, right) => left.distance - right.distance)
    .map(({ name }) => name)
  const suggestion = near[0] === undefined ? '' : `Did you mean "${near[0]}"? `
  return new LensEngineError('MODEL_NOT_FOUND', `there is no model ${shown}`, {
    details: { model: asked.slice(0, 200), known: known.join(', '), suggestion: near[0] ?? null },
    cure: `${suggestion}Known models: ${known.join(', ')}. Add one with \`lens models add <directory|file.gguf|hf:owner/name>\`, or name its directory.`,
  })
}

/** Levenshtein distance. */
function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let i = 1; i <= left.length; i++) {
    const next = [i]
    for (let j = 1; j <= right.length; j++) {
      const substituted = row[j - 1]! + (left[i - 1] === right[j - 1] ? 0 : 1)
      next.push(Math.min(substituted, row[j]! + 1, next[j - 1]! + 1))
    }
    row = next
  }
  return row[right.length]!
}
