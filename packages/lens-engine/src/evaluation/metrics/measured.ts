// A number that may not be available: never 0 in its place.

export type Measured =
  | { readonly available: true; readonly value: number }
  | { readonly available: false; readonly reason: string }

/** A value, or why there is none. NaN and infinities count as none. */
export function measured(value: number | null, reason: string): Measured {
  return value !== null && Number.isFinite(value)
    ? { available: true, value }
    : { available: false, reason }
}

/** The same value in another unit. */
export function scaled(value: Measured, factor: number): Measured {
  return value.available ? { available: true, value: value.value * factor } : value
}

/** Mean of some numbers, or the reason when there are none. */
export function meanOf(values: readonly number[], reason: string): Measured {
  if (values.length === 0) return { available: false, reason }
  return measured(values.reduce((sum, value) => sum + value, 0) / values.length, reason)
}

/** The value as a cell of a table: NaN stands for a missing one. */
export function cellOf(value: Measured): number {
  return value.available ? value.value : NaN
}
