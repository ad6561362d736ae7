// Keeps an answer for a while: whoever asks meanwhile, however often, asks the source once.

export function cached<Answer>(
  ask: () => Promise<Answer>,
  milliseconds: number,
): () => Promise<Answer> {
  let kept: { readonly until: number; readonly answer: Promise<Answer> } | null = null
  return () => {
    if (kept === null || performance.now() >= kept.until) {
      const answer = ask()
      kept = { until: performance.now() + milliseconds, answer }
      answer.catch(() => (kept = null))
    }
    return kept.answer
  }
}
