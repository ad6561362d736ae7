// Text for a terminal: visible spaces, no control characters, measured and cut in columns.

/** Styles by name, as SGR codes; `plain` leaves the text as it is. */
const styles = { bold: 1, dim: 2, green: 32, yellow: 33, red: 31 } as const
export type Style = keyof typeof styles

/** Puts text in styles, or leaves it where colours are off. */
export type Paint = (text: string, ...names: Style[]) => string

export function createPaint(enabled: boolean): Paint {
  if (!enabled) return (text) => text
  return (text, ...names) =>
    `\u001b[${names.map((name) => styles[name]).join(';')}m${text}\u001b[0m`
}

const shownAs: Readonly<Record<string, string>> = { ' ': '·', '\n': '⏎', '\r': '␍', '\t': '⇥' }

/** A token as it is shown: `·` for a space; control and other unprintable characters as `\u{...}`. */
export function visibleToken(text: string): string {
  return text.replace(
    /[\p{C}\p{Z}]/gu,
    (character) => shownAs[character] ?? `\\u{${character.codePointAt(0)!.toString(16)}}`,
  )
}

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u

/** Columns the text takes: 2 for wide characters, 0 for combining marks. */
export function textWidth(text: string): number {
  let width = 0
  for (const character of text) width += /\p{M}/u.test(character) ? 0 : wide.test(character) ? 2 : 1
  return width
}

/** The text, cut with an ellipsis where it takes more than `limit` columns. */
export function fitText(text: string, limit: number): string {
  if (textWidth(text) <= limit) return text
  let kept = ''
  for (const character of text) {
    if (textWidth(kept + character) > limit - 1) break
    kept += character
  }
  return `${kept}…`
}

/** Fills the text up to `width` columns; numbers go to the right. */
export function padText(text: string, width: number, side: 'left' | 'right' = 'left'): string {
  const space = ' '.repeat(Math.max(0, width - textWidth(text)))
  return side === 'left' ? text + space : space + text
}

/** Rows as aligned columns, two spaces apart; the first row is the heading. Numbers are right-aligned. */
export function formatColumns(rows: readonly (readonly string[])[], paint: Paint): string[] {
  const count = Math.max(0, ...rows.map((row) => row.length))
  const widths = Array.from({ length: count }, (_, column) =>
    Math.max(...rows.map((row) => textWidth(row[column] ?? ''))),
  )
  const numeric = widths.map((_, column) =>
    rows.slice(1).every((row) => /^[-–\d.,e+]*$/.test(row[column] ?? '')),
  )
  return rows.map((row, index) => {
    const line = row
      .map((cell, column) => padText(cell, widths[column]!, numeric[column] ? 'right' : 'left'))
      .join('  ')
      .trimEnd()
    return index === 0 ? paint(line, 'bold') : line
  })
}

/** Bytes for people: 12.3 MB. */
export function formatBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3))
  return power === 0 ? `${bytes} bytes` : `${(bytes / 1000 ** power).toFixed(1)} ${units[power]}`
}
