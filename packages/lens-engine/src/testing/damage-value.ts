// Seeded damage to a JSON value: fields taken away, renamed, emptied, of another type, far too deep or of telling texts.
import type { SeededRandom } from '../tensor/seeded-random.js'

const nested = (depth: number): unknown => {
  let value: unknown = 'bottom'
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { inner: value }
  return value
}

/** What readers trip over in the place of a text. */
const tellingValues: readonly unknown[] = [
  null,
  true,
  0,
  -1.5,
  1e308,
  2 ** 53,
  '',
  '   ',
  '{}',
  '{} and {}',
  'a\0b',
  'half \ud800',
  '\ufeff',
  'e\u0301\u200d\u202e',
  '__proto__',
  'x'.repeat(5000),
  [],
  [''],
  [null],
  ['{}', 7],
  {},
  { str: 7 },
  nested(200),
]

interface Place {
  readonly holder: Record<string, unknown>
  readonly name: string
}

/** Every field of the value, at any depth. */
function placesOf(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return []
  const holder = value as Record<string, unknown>
  return Object.keys(holder).flatMap((name) => [{ holder, name }, ...placesOf(holder[name])])
}

type Damage = (place: Place, random: SeededRandom) => void

const damages: readonly Damage[] = [
  ({ holder, name }) => void delete holder[name],
  ({ holder, name }, random) => {
    holder[name] = tellingValues[random.nextInteger(tellingValues.length)]
  },
  ({ holder, name }) => {
    holder[`${name} `] = holder[name]
    delete holder[name]
  },
  ({ holder, name }) => {
    const text = holder[name]
    holder[name] = typeof text === 'string' ? `{} ${text}` : [text]
  },
  ({ holder, name }) => {
    const text = holder[name]
    if (typeof text === 'string') holder[name] = text.slice(0, text.length >> 1)
  },
]

/** A copy with one to three of its fields damaged. */
export function damageValue<T>(sound: T, random: SeededRandom): T {
  const value = structuredClone(sound)
  for (let count = 1 + random.nextInteger(3); count > 0; count--) {
    const places = placesOf(value)
    if (places.length === 0) return value
    const place = places[random.nextInteger(places.length)]!
    damages[random.nextInteger(damages.length)]!(place, random)
  }
  return value
}
