// Numbers as they are shown: three significant digits, thousands apart, ordinals.
export function showNumber(value: number | null | undefined, digits = 3): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–'
  if (value === 0) return '0'
  const size = Math.abs(value)
  if (size < 1e-3 || size >= 1e6)
    return value.toExponential(Math.max(0, digits - 2)).replace('e+', 'e')
  return size >= 1000
    ? showCount(Math.round(value))
    : value.toFixed(Math.max(0, digits - 1 - Math.floor(Math.log10(size))))
}

export function showCount(value: number): string {
  return value.toLocaleString('en-US')
}

export function showPercent(probability: number): string {
  if (probability > 0 && probability < 0.0005) return showNumber(probability, 2)
  return `${(probability * 100).toFixed(1)}%`
}

export function showProbability(probability: number): string {
  if (probability === 0) return '0'
  return probability < 0.001
    ? probability.toExponential(0).replace('e', 'e')
    : probability.toFixed(3)
}

export function showDuration(seconds: number): string {
  if (seconds < 1) return `${Math.max(1, Math.round(seconds * 1000))} ms`
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`
}

export function ordinal(value: number): string {
  const tens = value % 100
  const ending = tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][value % 10] ?? 'th')
  return `${showCount(value)}${ending}`
}

/** A rank (0 = most probable) in words that name the nearer end. */
export function showRank(rank: number, vocabularySize: number): string {
  const fromLast = vocabularySize - 1 - rank
  if (rank === 0) return 'most probable'
  if (fromLast === 0) return 'least probable'
  const place = fromLast < rank ? `${ordinal(fromLast + 1)} from last` : ordinal(rank + 1)
  return `${showCount(rank)} of ${showCount(vocabularySize - 1)} (${place})`
}
