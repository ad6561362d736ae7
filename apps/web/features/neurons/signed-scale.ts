// Signed numbers -> colours with a true zero: what is pushed up in one colour, what is pushed down in another.
export interface SignedTone {
  readonly side: 'up' | 'down' | 'none'
  /** Share of the largest size, 0..1. */
  readonly strength: number
}

/** The largest size among the numbers; 0 when there is none. */
export function largestSize(values: ReadonlyArray<number | null>): number {
  return values.reduce<number>((most, value) => {
    const size = Math.abs(value ?? 0)
    return Number.isFinite(size) && size > most ? size : most
  }, 0)
}

export function signedTone(value: number | null, largest: number): SignedTone {
  if (value === null || !Number.isFinite(value) || value === 0 || largest <= 0)
    return { side: 'none', strength: 0 }
  return { side: value > 0 ? 'up' : 'down', strength: Math.min(1, Math.abs(value) / largest) }
}
