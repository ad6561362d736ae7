// Some neurons of a layer -> the words at both ends of their keys and values: D ln_f(v / |v|), as edits are read.
import { tokenText } from '../lens/result-texts.js'
import { projectVectors, type ProjectedVector } from '../readings/project-vectors.js'
import type { LoadedModel } from '../runtime/load-model.js'
import type { NeuronPart } from './neuron-part.js'
import {
  checkLayer,
  isGated,
  readKeys,
  readValues,
  rowNorms,
  rowOf,
  type LayerVectors,
} from './neuron-vectors.js'

/** Words kept at each end. */
export const NEURON_WORDS = 10

/** Words of each vector that the search finds it by. */
const SEARCHED_WORDS = 5

export interface NeuronWords {
  readonly first: number
  readonly count: number
  readonly keyNorms: Float32Array
  readonly valueNorms: Float32Array
  /** The most probable word of each, and those it is searched by, as text. */
  readonly keyWords: readonly string[]
  readonly valueWords: readonly string[]
  readonly searched: readonly string[]
  /** `key`, `gate` in gated models, and `value`, each with `.top` and `.bottom`, `.ids` and `.scores` (logits). */
  readonly parts: readonly NeuronPart[]
}

export interface NeuronRange {
  readonly first: number
  readonly count: number
}

/**
 * Vectors of norm 0 have no words: their ids are -1.
 * @throws BAD_ARGUMENT for a layer that is not there; WEIGHTS_MISMATCH, FILE_UNREADABLE
 */
export async function readNeuronWords(
  model: LoadedModel,
  layer: number,
  range: NeuronRange,
): Promise<NeuronWords> {
  checkLayer(model, layer)
  const { first } = range
  const count = Math.min(range.count, model.shape.innerWidth - first)
  const roles: (readonly [string, LayerVectors])[] = [
    ['key', readKeys(model, layer)],
    ...(isGated(model) ? [['gate', readKeys(model, layer, 'mlp.gate')] as const] : []),
    ['value', readValues(model, layer)],
  ]
  const [keyNorms, valueNorms] = [roles[0], roles.at(-1)].map((role) =>
    rowNorms((role as (typeof roles)[0])[1]).slice(first, first + count),
  ) as [Float32Array, Float32Array]
  const parts: NeuronPart[] = []
  for (const [name, vectors] of roles) {
    parts.push(...(await projectRole(model, name, vectors, { first, count })))
  }
  const texts = wordTexts(model, parts, count)
  return { first, count, keyNorms, valueNorms, ...texts, parts }
}

async function projectRole(
  model: LoadedModel,
  name: string,
  vectors: LayerVectors,
  { first, count }: NeuronRange,
): Promise<readonly NeuronPart[]> {
  const k = Math.min(NEURON_WORDS, model.shape.vocabularySize)
  const norms = rowNorms(vectors)
  const places = Array.from({ length: count }, (_, place) => place)
  const shown = places.filter((place) => (norms[first + place] as number) > 0)
  const projected = await projectVectors(
    model,
    shown.map((place) => rowOf(vectors, first + place)),
    { lens: 'normalized', topK: k, token: 0 },
  )
  return (['top', 'bottom'] as const).flatMap((end) => {
    const ids = new Int32Array(count * k).fill(-1)
    const scores = new Float32Array(count * k)
    shown.forEach((place, index) => {
      const tokens = (projected[index] as ProjectedVector)[end]
      tokens.forEach(({ id, logit }, rank) => {
        ids[place * k + rank] = id
        scores[place * k + rank] = logit
      })
    })
    return [
      { kind: `${name}.${end}.ids`, width: k, data: ids },
      { kind: `${name}.${end}.scores`, width: k, data: scores },
    ]
  })
}

function wordTexts(model: LoadedModel, parts: readonly NeuronPart[], count: number) {
  const words = (kind: string, neuron: number, most: number): string[] => {
    const part = parts.find((one) => one.kind === kind)
    if (part === undefined) return []
    const ids = part.data.subarray(neuron * part.width, neuron * part.width + most)
    return [...ids].filter((id) => id >= 0).map((id) => tokenText(model.tokenizer, id))
  }
  const neurons = Array.from({ length: count }, (_, neuron) => neuron)
  const most = (kind: string) => neurons.map((neuron) => words(kind, neuron, 1)[0] ?? '')
  const kinds = ['key.top.ids', 'gate.top.ids', 'value.top.ids']
  return {
    keyWords: most('key.top.ids'),
    valueWords: most('value.top.ids'),
    searched: neurons.map((neuron) =>
      kinds.flatMap((kind) => words(kind, neuron, SEARCHED_WORDS)).join('\n'),
    ),
  }
}
