// A token in the mono face with its spaces visible.
import { showToken } from './token-text'

export function Token({ text }: { readonly text: string }) {
  return <b className="mono token">{showToken(text)}</b>
}
