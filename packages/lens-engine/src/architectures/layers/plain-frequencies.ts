// What every kind of rotary scaling starts from and answers: the plain frequencies, and the type of the scaled ones.
import type { Config } from '../architecture.js'

export interface RotaryFrequencies {
  /** Radians per position, one for each pair of coordinates. */
  readonly frequencies: readonly number[]
  /** Factor on cos and sin (YaRN's and LongRoPE's attention factor); 1 for the others. */
  readonly attentionFactor: number
  /** What takes their place in a longer text (`dynamic` and `longrope`). */
  readonly beyond?: LongerText
}

/**
 * Frequencies of a text of more than `positions` tokens: frequency_i * growth^-exponent_i with
 * growth = factor * length / positions - (factor - 1). The length is that of the whole text, so such texts share a batch only
 * with texts of their own length.
 */
export interface LongerText {
  readonly positions: number
  readonly frequencies: readonly number[]
  /** Absent where the frequencies depend on nothing but being beyond. */
  readonly growth?: { readonly factor: number; readonly exponents: readonly number[] }
}

export interface RotaryOptions {
  /** Coordinates of a head that are turned; even. */
  readonly width: number
  readonly theta: number
  readonly contextLength: number
  /** `rope_scaling`, or `rope_parameters` of newer files; null for none. */
  readonly scaling: Config | null
}

export type Scaling = (options: RotaryOptions, scaling: Config) => RotaryFrequencies

export const plainFrequencies = ({ width, theta }: RotaryOptions): readonly number[] =>
  Array.from({ length: width / 2 }, (_, i) => theta ** ((-2 * i) / width))
