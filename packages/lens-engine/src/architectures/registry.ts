// The one list of model families: a new family is one file and one line here.
import { LensEngineError } from '../errors.js'
import type { Architecture, Config } from './architecture.js'
import { gptNeox } from './gpt-neox.js'
import { gpt2 } from './gpt2.js'
import { gptj } from './gptj.js'
import { llama } from './llama.js'
import { refuseUnimplemented } from './unimplemented-features.js'

export const architectures: readonly Architecture[] = [gpt2, llama, gptNeox, gptj]

/**
 * The family a config.json belongs to.
 * @throws CONFIG_INVALID or MODEL_UNSUPPORTED naming `model_type` or a feature that no family implements
 */
export function findArchitecture(config: Config): Architecture {
  const modelType = config['model_type']
  const known = architectures.flatMap((architecture) => architecture.modelTypes)
  if (typeof modelType !== 'string') {
    throw new LensEngineError('CONFIG_INVALID', 'config.json has no model_type', {
      details: { known: known.join(', ') },
      cure: 'Use the config.json that came with the weights.',
    })
  }
  const found = architectures.find((architecture) => architecture.modelTypes.includes(modelType))
  if (found !== undefined) {
    refuseUnimplemented(config)
    return found
  }
  throw new LensEngineError(
    'MODEL_UNSUPPORTED',
    `the model type "${modelType}" is not implemented`,
    {
      details: { modelType, known: known.join(', ') },
      cure: `Use a model of one of these types: ${known.join(', ')}.`,
    },
  )
}
