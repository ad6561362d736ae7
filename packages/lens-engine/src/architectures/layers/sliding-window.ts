// Which layers see only a window of earlier positions, and how wide it is.
import type { Config } from '../architecture.js'
import { flag, invalid } from '../config-reader.js'

/**
 * The window of a layer in positions; undefined where it sees all. Mistral has one for every layer, Qwen2 and Qwen3 only
 * when `use_sliding_window` is set and then from `max_window_layers` on; `layer_types` says it outright.
 * @throws CONFIG_INVALID
 */
export function slidingWindow(config: Config, layer: number, layers: number): number | undefined {
  // Mistral's own code has this window where a file does not say; null means none.
  const mistralDefault = config['model_type'] === 'mistral' ? 4096 : null
  const window = config['sliding_window'] === undefined ? mistralDefault : config['sliding_window']
  const qwen = config['model_type'] === 'qwen2' || config['model_type'] === 'qwen3'
  if (window === null || (qwen && !flag(config, 'use_sliding_window', false))) return undefined
  if (typeof window !== 'number' || !Number.isSafeInteger(window) || window < 1) {
    throw invalid('sliding_window', window, 'a positive integer or null')
  }
  if (config['model_type'] === 'llama') return undefined
  return isWindowed(config, layer, layers, qwen) ? window : undefined
}

function isWindowed(config: Config, layer: number, layers: number, qwen: boolean): boolean {
  const types = config['layer_types']
  if (types !== undefined && types !== null) {
    if (!Array.isArray(types) || types.length !== layers) {
      throw invalid('layer_types', types, `a list of ${layers} names`)
    }
    const type: unknown = types[layer]
    if (type !== 'full_attention' && type !== 'sliding_attention') {
      throw invalid(`layer_types[${layer}]`, type, 'full_attention or sliding_attention')
    }
    return type === 'sliding_attention'
  }
  const first = config['max_window_layers']
  return qwen && typeof first === 'number' ? layer >= first : true
}
