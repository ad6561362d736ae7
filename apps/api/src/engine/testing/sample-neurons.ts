// A made-up answer to a step of a survey, in the engine's form: nothing is known of the neurons but their number.
import type { SurveyNeuronsTask, SurveyedNeurons } from '../neuron-library.js'

export function sampleSurvey({ step, layer }: SurveyNeuronsTask): SurveyedNeurons {
  const count = step.kind === 'words' ? step.count : 0
  const words = Array.from({ length: count }, (_, neuron) => `word ${neuron} of layer ${layer}`)
  const norms = new Float32Array(count).fill(1)
  return {
    words:
      step.kind === 'words'
        ? {
            ...{ first: step.first, count, keyNorms: norms, valueNorms: norms },
            ...{ keyWords: words, valueWords: words, searched: words, parts: [] },
          }
        : null,
    nearest: step.kind === 'nearest' ? { parts: [], layers: 1 } : null,
    activity: null,
    receipt: {
      ...{ engineVersion: '0', runtimeVersion: '0', weightsDigest: 'a'.repeat(64) },
      ...{ tokenizerDigest: null, configDigest: 'b'.repeat(64), lens: 'normalized' },
      ...{ provider: 'cpu', device: 'Test processor', dtype: 'float32', threads: 1 },
    },
  }
}
