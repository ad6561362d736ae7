// One sentence -> words by the rules of NLTK's word tokenizer (Penn Treebank style), version 3.9.2, as an ordered table.
import { END, SPACES, splitAtSpaces, WORD, WORD_EDGE } from './python-text.js'

type Rule = readonly [pattern: RegExp, replacement: string]

const rule = (source: string, replacement: string, flags = 'gu'): Rule => [
  new RegExp(source, flags),
  replacement,
]

const openingQuotes: readonly Rule[] = [
  rule('([«“‘„]|`+)', ' $1 '),
  rule('^"', '``', 'u'),
  rule('(``)', ' $1 '),
  rule(`([ ([{<])("|'{2})`, '$1 `` '),
  // An apostrophe before a word of one letter stands alone, unless that letter begins a clitic such as 's.
  rule(`(')(?!re|ve|ll|m|t|s|d|n)([${WORD}])${WORD_EDGE}`, '$1 $2', 'giu'),
]

const punctuation: readonly Rule[] = [
  // The period of the sentence's end, with closing quotes and brackets after it; one inside an ellipsis stays.
  rule(`([^.])(\\.)([\\])}>"'»”’ ]*)[${SPACES}]*${END}`, '$1 $2 $3 '),
  rule('([:,])(\\P{Nd})', ' $1 $2'),
  rule(`([:,])${END}`, ' $1 '),
  rule('\\.{2,}', ' $& '),
  rule('[;@#$%&]', ' $& '),
  rule(`([^.])(\\.)([\\])}>"']*)[${SPACES}]*${END}`, '$1 $2$3 '),
  rule('[?!]', ' $& '),
  rule("([^'])' ", "$1 ' "),
  rule('[*]', ' $& '),
]

const brackets: readonly Rule[] = [rule('[\\][(){}<>]', ' $& '), rule('--', ' -- ')]

const closingQuotes: readonly Rule[] = [
  rule('([»”’])', ' $1 '),
  rule("''", " '' "),
  rule('"', " '' "),
  rule(`[${SPACES}]+`, ' '),
  rule("([^' ])('[sS]|'[mM]|'[dD]|') ", '$1 $2 '),
  rule("([^' ])('ll|'LL|'re|'RE|'ve|'VE|n't|N'T) ", '$1 $2 '),
]

const contraction = (first: string, second: string, after = WORD_EDGE): Rule =>
  rule(`${WORD_EDGE}(${first})(${second})${after}`, ' $1 $2 ', 'giu')

const contractions: readonly Rule[] = [
  contraction('can', 'not'),
  contraction('d', "'ye"),
  contraction('gim', 'me'),
  contraction('gon', 'na'),
  contraction('got', 'ta'),
  contraction('lem', 'me'),
  contraction('more', "'n"),
  contraction('wan', 'na', `(?=[${SPACES}])`),
  rule(` ('t)(is)${WORD_EDGE}`, ' $1 $2 ', 'giu'),
  rule(` ('t)(was)${WORD_EDGE}`, ' $1 $2 ', 'giu'),
]

/** Words of one sentence; straight double quotes become `` and ''. */
export function splitSentenceIntoWords(sentence: string): string[] {
  const opened = apply(sentence, [...openingQuotes, ...punctuation, ...brackets])
  return splitAtSpaces(apply(` ${opened} `, [...closingQuotes, ...contractions]))
}

function apply(text: string, rules: readonly Rule[]): string {
  return rules.reduce((changed, [pattern, to]) => changed.replace(pattern, to), text)
}
