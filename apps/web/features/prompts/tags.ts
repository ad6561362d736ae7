// Tags as typed, apart from commas and case.
export function parseTags(text: string): string[] {
  const tags = text
    .split(',')
    .map((tag) => tag.trim().toLowerCase())
    .filter((tag) => tag !== '')
  return [...new Set(tags)]
}

/** The lens page with this prompt typed in. */
export function lensAddress(prompt: {
  readonly id: string
  readonly text: string
  readonly target?: string | null
  readonly model?: { readonly id: string } | null
}): string {
  const query = new URLSearchParams({ prompt: prompt.text, from: prompt.id })
  if (prompt.target) query.set('target', prompt.target.trim())
  if (prompt.model) query.set('model', prompt.model.id)
  return `/lens?${query.toString()}`
}
