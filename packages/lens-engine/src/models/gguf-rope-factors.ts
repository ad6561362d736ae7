// Llama 3's rotary scaling, which GGUF files carry as one factor per frequency instead of the four settings it comes from.
import { rotaryFrequencies } from '../architectures/layers/rotary-frequencies.js'
import type { GgufFile } from '../weights/open-gguf.js'
import { ggufUnsupported } from './gguf-settings.js'

const tensorName = 'rope_freqs.weight'

/** The settings of the published models: Llama 3.1 and 3.2. */
const published = [8, 32].map((factor) => ({
  rope_type: 'llama3',
  factor,
  low_freq_factor: 1,
  high_freq_factor: 4,
  original_max_position_embeddings: 8192,
}))

type Llama3Scaling = (typeof published)[number]

/**
 * The settings whose factors the file holds, or null when it holds none.
 * @throws MODEL_UNSUPPORTED when the factors are not those of a published model
 */
export function readFrequencyFactors(
  file: GgufFile,
  theta: number,
  headWidth: number,
): Llama3Scaling | null {
  const tensor = file.tensors.find(({ name }) => name === tensorName)
  if (tensor === undefined) return null
  const factors = file.read(tensor)
  if (factors.every((factor) => factor === 1)) return null
  const found = published.find((scaling) => isSame(factors, scaling, theta, headWidth))
  if (found === undefined) throw ggufUnsupported(tensorName, Array.from(factors.slice(-2)).join())
  return found
}

function isSame(
  factors: Float32Array,
  scaling: Llama3Scaling,
  theta: number,
  width: number,
): boolean {
  const options = { width, theta, contextLength: scaling.original_max_position_embeddings }
  const scaled = rotaryFrequencies({ ...options, scaling }).frequencies
  const plain = rotaryFrequencies({ ...options, scaling: null }).frequencies
  return (
    factors.length === plain.length &&
    factors.every((factor, pair) => Math.abs((factor * scaled[pair]!) / plain[pair]! - 1) < 1e-3)
  )
}
