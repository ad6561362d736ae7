// How many threads there are, and how many of them are open: a number, never a colour alone.
import type { Counted } from './use-markers'

export function countInWords({ threads, unresolved }: Counted): string {
  if (threads === 0) return 'no comments'
  const what = `${threads} ${threads === 1 ? 'thread' : 'threads'}`
  return unresolved === threads ? what : `${what}, ${unresolved} unresolved`
}

/** Keeps its width, so that a number that arrives moves nothing. */
export function CountSign(counted: Counted) {
  return (
    <span
      className="count-sign tabular"
      data-open={counted.unresolved > 0 || undefined}
      title={countInWords(counted)}
    >
      {counted.threads === 0 ? '' : counted.unresolved > 0 ? counted.unresolved : '✓'}
      {counted.threads > 0 && <span className="hidden-text"> {countInWords(counted)}</span>}
    </span>
  )
}
