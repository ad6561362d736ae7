// Tokens as people read them: spaces and line ends made visible.
const VISIBLE: ReadonlyArray<readonly [RegExp, string]> = [
  [/ /g, '·'],
  [/\n/g, '⏎'],
  [/\r/g, '␍'],
  [/\t/g, '⇥'],
]

export function showToken(text: string): string {
  if (text === '') return '∅'
  return VISIBLE.reduce((shown, [pattern, mark]) => shown.replace(pattern, mark), text)
}
