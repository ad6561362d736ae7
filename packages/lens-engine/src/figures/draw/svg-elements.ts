// Numbers and texts -> pieces of an SVG.

export type SvgAttributes = Readonly<Record<string, string | number | undefined>>

export const escapeText = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    // XML 1.0 has no other control characters, not even escaped.
    // eslint-disable-next-line no-control-regex
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')

/** Places on paper need no more than two decimals. */
const written = (value: string | number): string =>
  typeof value === 'number' ? String(Number(value.toFixed(2))) : escapeText(value)

export function element(name: string, attributes: SvgAttributes, inside = ''): string {
  const list = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${written(value as string | number)}"`)
    .join('')
  return inside === '' ? `<${name}${list}/>` : `<${name}${list}>${inside}</${name}>`
}

export interface TextPlace {
  readonly x: number
  readonly y: number
  readonly anchor?: 'start' | 'middle' | 'end'
  readonly size?: number
  readonly fill?: string
  readonly weight?: number
  /** Degrees, around the place. */
  readonly turn?: number
}

export function textAt(text: string, place: TextPlace): string {
  const { x, y, anchor = 'start', size, fill, weight, turn } = place
  return element(
    'text',
    {
      x,
      y,
      'text-anchor': anchor === 'start' ? undefined : anchor,
      'font-size': size,
      'font-weight': weight,
      fill,
      transform: turn === undefined ? undefined : `rotate(${turn} ${x.toFixed(2)} ${y.toFixed(2)})`,
    },
    escapeText(text),
  )
}

export const lineBetween = (
  [x1, y1]: readonly [number, number],
  [x2, y2]: readonly [number, number],
  attributes: SvgAttributes,
): string => element('line', { x1, y1, x2, y2, ...attributes })

/** Lines of at most so many characters, broken at spaces. */
export function wrapText(text: string, characters: number): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + word.length < characters) {
      lines[lines.length - 1] = `${last} ${word}`
    } else lines.push(word)
  }
  return lines
}

/** Colours on a light ground. */
export const ink = { text: '#1a1a1a', quiet: '#5c5c5c', grid: '#e3e3e3', frame: '#9a9a9a' } as const
