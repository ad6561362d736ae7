// LongRoPE (Phi-3's `longrope` or `su`): one factor per frequency, another set of them for texts beyond the first training length.
import type { Config } from '../architecture.js'
import { invalid } from '../config-reader.js'
import { plainFrequencies, type Scaling } from './plain-frequencies.js'
import { positiveSetting } from './rope-settings.js'

/** One positive factor per frequency. @throws CONFIG_INVALID */
function readFactors(scaling: Config, name: string, count: number): readonly number[] {
  const value = scaling[name]
  const isFactor = (item: unknown): item is number => typeof item === 'number' && item > 0
  if (Array.isArray(value) && value.length === count && value.every(isFactor)) return value
  throw invalid(`rope_scaling.${name}`, value, `a list of ${count} positive numbers`)
}

/** The attention factor grows with the stretch, whichever set of factors is in use (LongRoPE, section 3.3). */
function readAttentionFactor(scaling: Config, contextLength: number, original: number): number {
  if (typeof scaling['attention_factor'] === 'number') return scaling['attention_factor']
  const stretch = positiveSetting(scaling, 'factor', contextLength / original)
  return stretch <= 1 ? 1 : Math.sqrt(1 + Math.log(stretch) / Math.log(original))
}

export const longrope: Scaling = (options, scaling) => {
  const { contextLength } = options
  const plain = plainFrequencies(options)
  const original = positiveSetting(scaling, 'original_max_position_embeddings', contextLength)
  const stretched = (name: string): readonly number[] => {
    const factors = readFactors(scaling, name, plain.length)
    return plain.map((frequency, pair) => frequency / (factors[pair] as number))
  }
  return {
    frequencies: stretched('short_factor'),
    attentionFactor: readAttentionFactor(scaling, contextLength, original),
    beyond: { positions: original, frequencies: stretched('long_factor') },
  }
}
