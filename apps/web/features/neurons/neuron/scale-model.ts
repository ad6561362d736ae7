// A neuron scaled by a factor: what the factor does, in words, and whether it can be asked.
export const LEAST_FACTOR = -10
export const MOST_FACTOR = 10

/** null: no number, or one out of range. */
export function factorOf(text: string): number | null {
  const trimmed = text.trim()
  if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(trimmed)) return null
  const value = Number(trimmed)
  return value >= LEAST_FACTOR && value <= MOST_FACTOR ? value : null
}

export function factorWord(factor: number): string {
  if (factor === 0) return 'Ablated: it writes nothing.'
  if (factor === 1) return 'Factor 1 changes nothing.'
  if (factor < 0) return `Turned round: it takes away ${-factor} times what it wrote.`
  return factor < 1
    ? `Dimmed: it writes ${factor} of what it wrote.`
    : `Amplified: it writes ${factor} times what it wrote.`
}
