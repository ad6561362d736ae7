// Seeded random choices, and the texts of made-up notes and comments.

/** sfc32; the same seed, the same numbers. */
export function seededRandom(seed) {
  let [a, b, c, counter] = [seed | 0, 0x9e3779b9, 0x243f6a88, 1]
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 2 ** 32
  }
  for (let round = 0; round < 16; round++) next()
  return next
}

export function choices(random) {
  const below = (count) => Math.floor(random() * count)
  const one = (list) => list[below(list.length)]
  return {
    below,
    one,
    /** The first of a list are chosen far more often, as with words. */
    frequent: (list) => list[Math.floor(list.length * random() ** 2.5)],
    some: (list, most) => [...new Set(Array.from({ length: 1 + below(most) }, () => one(list)))],
    chance: (share) => random() < share,
  }
}

export const people = [
  ...['Ada Lang', 'Bo Ferrer', 'Chidi Okoro', 'Dana Weiss', 'Emi Sato', 'Farid Haddad'],
  ...['Greta Holm', 'Hugo Prado', 'Ines Costa', 'Jun Park', 'Kofi Mensah', 'Lena Vogt'],
]

const subjects = [
  ...['countries', 'capital cities', 'first names', 'surnames', 'years', 'months', 'weekdays'],
  ...['currencies', 'languages', 'rivers', 'football clubs', 'instruments', 'diseases', 'metals'],
  ...['closing brackets', 'opening quotes', 'commas', 'sentence ends', 'line breaks', 'digits'],
  ...['plural nouns', 'past tense', 'comparatives', 'negation', 'pronouns', 'prepositions'],
  ...['professions', 'universities', 'newspapers', 'religions', 'planets', 'animals', 'colours'],
  ...['units of measure', 'street names', 'film titles', 'chess openings', 'programming words'],
]
const actions = [
  ...['fires on', 'writes', 'suppresses', 'reads', 'prefers', 'detects', 'copies', 'completes'],
]
const places = [
  ...['at the end of a list', 'after a preposition', 'in quotations', 'before a full stop'],
  ...[
    'at the first position',
    'in headings',
    'after the subject',
    'in rare contexts',
    'everywhere',
  ],
]
export const tags = [
  ...['geography', 'syntax', 'names', 'time', 'numbers', 'punctuation', 'facts', 'polysemantic'],
  ...['unclear', 'dead', 'positional', 'duplicate', 'shift', 'imprint', 'edit target', 'check'],
  ...['last layer', 'early', 'monosemantic', 'suppressor', 'promoter', 'to review', 'paper'],
]
const cities = [
  ...['Vienna', 'Lisbon', 'Nairobi', 'Oslo', 'Lima', 'Seoul', 'Cairo', 'Quito', 'Riga', 'Hanoi'],
]
const openings = [
  ...['I see this in three runs:', 'Not convinced.', 'Agreed, and', 'Could it be that', 'Look at'],
  ...['The top tokens say otherwise:', 'Same here;', 'After the edit', 'On the new prompts'],
]

const capital = (text) => text[0].toUpperCase() + text.slice(1)

export function labelOf({ frequent, one, chance }) {
  const subject = frequent(subjects)
  if (chance(0.4)) return capital(subject)
  return capital(`${one(actions)} ${subject}${chance(0.3) ? ` ${one(places)}` : ''}`)
}

export function sentenceOf({ frequent, one, below }) {
  return `It ${one(actions)} ${frequent(subjects)} ${one(places)}, as with *${one(cities)}* in example ${below(400)}.`
}

export const descriptionOf = (choose) =>
  Array.from({ length: 1 + choose.below(4) }, () => sentenceOf(choose)).join(' ')

export const commentOf = (choose) => `${choose.one(openings)} ${sentenceOf(choose)}`
