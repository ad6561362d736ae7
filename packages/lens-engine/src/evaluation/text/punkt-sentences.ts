// Text -> sentences by the Punkt algorithm (Kiss and Strunk 2006) as NLTK 3.9.2 applies it.
import { orthographicBits, untrainedPunkt, type PunktParameters } from './punkt-parameters.js'
import { NON_WORD, punktTokens, type PunktToken } from './punkt-tokens.js'
import { SPACES, stripEnd } from './python-text.js'

/** A place where a sentence may end. */
interface Candidate {
  /** Just past the period, question or exclamation mark. */
  readonly end: number
  /** Start of the next word, or null when punctuation follows at once. */
  readonly nextWord: number | null
  /** The word before, the mark and what follows. */
  readonly context: string
}

interface Span {
  readonly start: number
  readonly end: number
}

const mark = new RegExp(`[.?!](?=(${NON_WORD}|[${SPACES}]+([^${SPACES}]+)))`, 'dgu')
const closing = new RegExp(`["')\\]}]+?(?:[${SPACES}]+|(?=--)|(?![\\s\\S]))`, 'uy')
const sentenceMarks: ReadonlySet<string> = new Set(['.', '?', '!'])
const innerMarks: ReadonlySet<string> = new Set([';', ':', ',', '.', '!', '?'])

/** Sentences of the text in order, without the white space between them. */
export function splitIntoSentences(
  text: string,
  parameters: PunktParameters = untrainedPunkt,
): string[] {
  const spans: Span[] = []
  let start = 0
  for (const { end, nextWord, context } of candidates(text)) {
    if (!holdsBreak(context, parameters)) continue
    spans.push({ start, end })
    start = nextWord ?? end
  }
  spans.push({ start, end: stripEnd(text).length })
  return realign(text, spans).map(({ start: from, end }) => text.slice(from, end))
}

/** Marks that end a word or stand before white space; of overlapping contexts ("!!!") only the last counts. */
function candidates(text: string): Candidate[] {
  const found: Candidate[] = []
  let previous: { readonly word: Span; readonly candidate: Candidate } | null = null
  for (const match of text.matchAll(mark)) {
    const before: Span = previous?.word ?? { start: 0, end: 0 }
    const space = lastSpace(text.slice(before.end, match.index))
    const word = { start: space > 0 ? before.end + space + 1 : before.start, end: match.index }
    if (previous !== null && before.end <= word.start) found.push(previous.candidate)
    const candidate = {
      end: match.index + 1,
      nextWord: match.indices?.[2]?.[0] ?? null,
      context: text.slice(word.start, word.end) + match[0] + match[1]!,
    }
    previous = { word, candidate }
  }
  return previous === null ? found : [...found, previous.candidate]
}

/** Index of the last ASCII white space; 0 also when there is none. */
function lastSpace(text: string): number {
  for (let index = text.length - 1; index >= 0; index--) {
    if (' \t\n\r\v\f'.includes(text[index]!)) return index
  }
  return 0
}

/** Closing quotes and brackets at a sentence's start belong to the sentence before. */
function realign(text: string, spans: readonly Span[]): Span[] {
  const aligned: Span[] = []
  let skipped = 0
  spans.forEach((span, index) => {
    const start = span.start + skipped
    const next = spans[index + 1]
    const found = next === undefined ? null : matchAt(closing, text.slice(next.start, next.end))
    skipped = found?.length ?? 0
    if (found !== null) {
      aligned.push({ start, end: next!.start + stripEnd(found).length })
    } else if (start < span.end) {
      aligned.push({ start, end: span.end })
    }
  })
  return aligned
}

function matchAt(pattern: RegExp, text: string): string | null {
  pattern.lastIndex = 0
  return pattern.exec(text)?.[0] ?? null
}

/** Whether a token before the last one ends a sentence. */
function holdsBreak(context: string, parameters: PunktParameters): boolean {
  const tokens = punktTokens(context)
  return tokens.some(
    (token, index) =>
      index + 1 < tokens.length && endsSentence(token, tokens[index + 1]!, parameters),
  )
}

/** First pass by type alone, second pass by the token that follows. */
function endsSentence(token: PunktToken, next: PunktToken, parameters: PunktParameters): boolean {
  const isBreak = breaksByType(token, parameters)
  if (!token.periodFinal) return isBreak
  const nextType = breaksByType(next, parameters) ? next.bareType : next.type
  if (parameters.collocations.has(`${token.bareType}\t${nextType}`)) return false
  const starter = startsSentence(next, nextType, parameters)
  const abbreviation = isAbbreviation(token, parameters)
  if ((abbreviation || token.ellipsis) && !token.initial) {
    if (starter === true) return true
    if (next.upper && parameters.sentenceStarters.has(nextType)) return true
  }
  if (token.initial || token.bareType === '##number##') {
    if (starter === false) return false
    const seen = parameters.orthographicContext.get(nextType) ?? 0
    const alwaysUpper = next.upper && !(seen & orthographicBits.anyLower)
    if (starter === null && token.initial && alwaysUpper) return false
  }
  return isBreak
}

function breaksByType(token: PunktToken, parameters: PunktParameters): boolean {
  if (sentenceMarks.has(token.text)) return true
  if (token.ellipsis || !endsInOnePeriod(token)) return false
  return !isAbbreviation(token, parameters)
}

function isAbbreviation(token: PunktToken, { abbreviations }: PunktParameters): boolean {
  if (sentenceMarks.has(token.text) || token.ellipsis || !endsInOnePeriod(token)) return false
  const bare = token.text.slice(0, -1).toLowerCase()
  return abbreviations.has(bare) || abbreviations.has(bare.slice(bare.lastIndexOf('-') + 1))
}

function endsInOnePeriod({ text }: PunktToken): boolean {
  return text.endsWith('.') && !text.endsWith('..')
}

/** The orthographic heuristic (section 4.1.1): true, false, or null when it cannot tell. */
function startsSentence(
  token: PunktToken,
  type: string,
  { orthographicContext }: PunktParameters,
): boolean | null {
  if (innerMarks.has(token.text)) return false
  const { anyLower, anyUpper, beginLower, middleUpper } = orthographicBits
  const seen = orthographicContext.get(type) ?? 0
  if (token.upper && seen & anyLower && !(seen & middleUpper)) return true
  if (token.lower && (seen & anyUpper || !(seen & beginLower))) return false
  return null
}
