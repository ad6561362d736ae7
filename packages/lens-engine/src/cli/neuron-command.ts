// `lens neuron`: what one neuron reacts to and writes, in words, and the neurons that point the same way.
import { Command } from 'commander'
import { tokenText } from '../lens/result-texts.js'
import { findNearNeurons } from '../neurons/near-neurons.js'
import type { NeuronPart } from '../neurons/neuron-part.js'
import { checkLayer, checkNeuron, isGated } from '../neurons/neuron-vectors.js'
import { readNeuronWords } from '../neurons/neuron-words.js'
import type { LoadedModel } from '../runtime/load-model.js'
import type { CommandLine } from './command-line.js'
import { wholeNumber } from './read-flags.js'
import { formatColumns, visibleToken, type Paint } from './terminal-text.js'
import { withModel } from './with-model.js'

const notes = `
Its key is its column of mlp.up (and of mlp.gate in gated models), its value its row of mlp.down. Scores are the logits
D ln_f(v / |v|); the last words are those with the lowest scores. Cosines compare with every layer.

JSON (--json): {model, layer, index, gated, keyNorm, valueNorm, words: {key, gate, value}: {top, bottom}: [{id, text,
score}], nearest: {key, value}: [{layer, index, cosine}]}`

interface Word {
  readonly id: number
  readonly text: string
  readonly score: number
}

interface NearNeuron {
  readonly layer: number
  readonly index: number
  readonly cosine: number
}

interface NeuronReading {
  readonly model: string
  readonly layer: number
  readonly index: number
  readonly gated: boolean
  readonly keyNorm: number
  readonly valueNorm: number
  readonly words: Readonly<Record<string, { readonly top: Word[]; readonly bottom: Word[] }>>
  readonly nearest: Readonly<Record<'key' | 'value', readonly NearNeuron[]>>
}

interface Flags {
  readonly model: string
  readonly threads?: number
  readonly json: boolean
  readonly color: boolean
}

/** The command, ready to be added to the program. */
export function createNeuronCommand(line: CommandLine): Command {
  const whole = (name: string) => wholeNumber(name, 0, 1e6)
  return new Command('neuron')
    .description('read one neuron: the words of its key and value, and the neurons nearest to it')
    .argument('<layer>', 'the layer, from 0', whole('<layer>'))
    .argument('<index>', 'the index in the layer, from 0', whole('<index>'))
    .option('--model <name>', 'a name of the store or a directory', 'bundled')
    .option('--threads <n>', 'threads of one operator', wholeNumber('--threads', 1, 1024))
    .option('--json', 'JSON for scripts; errors too', false)
    .option('--no-color', 'no colours')
    .addHelpText('after', notes)
    .action(async (layer: number, index: number, flags: Flags) => {
      line.progress('reading the neuron ...')
      const reading = await withModel(flags, line, (model) => readNeuron(model, layer, index))
      line.progress('')
      if (flags.json) return line.print([JSON.stringify(reading)])
      line.print(describeNeuron(reading, line.style(flags.color).paint))
    })
}

async function readNeuron(
  model: LoadedModel,
  layer: number,
  index: number,
): Promise<NeuronReading> {
  checkLayer(model, layer)
  checkNeuron(model, index)
  const range = { first: index, count: 1 }
  const { keyNorms, valueNorms, parts } = await readNeuronWords(model, layer, range)
  const near = await findNearNeurons(model, layer, { range })
  const gated = isGated(model)
  const roles = gated ? ['key', 'gate', 'value'] : ['key', 'value']
  const ends = (role: string) => ({
    top: wordsOf(model, parts, `${role}.top`),
    bottom: wordsOf(model, parts, `${role}.bottom`),
  })
  const { innerWidth } = model.shape
  return {
    ...{ model: model.files.name, layer, index, gated },
    keyNorm: keyNorms[0] as number,
    valueNorm: valueNorms[0] as number,
    words: Object.fromEntries(roles.map((role) => [role, ends(role)])),
    nearest: {
      key: nearOf(near.parts, 'key', innerWidth),
      value: nearOf(near.parts, 'value', innerWidth),
    },
  }
}

const dataOf = (parts: readonly NeuronPart[], kind: string): number[] => [
  ...(parts.find((part) => part.kind === kind)?.data ?? []),
]

function wordsOf({ tokenizer }: LoadedModel, parts: readonly NeuronPart[], end: string): Word[] {
  const scores = dataOf(parts, `${end}.scores`)
  return dataOf(parts, `${end}.ids`)
    .map((id, place) => ({ id, text: tokenText(tokenizer, id), score: scores[place] as number }))
    .filter(({ id }) => id >= 0)
}

function nearOf(parts: readonly NeuronPart[], by: string, innerWidth: number): NearNeuron[] {
  const cosines = dataOf(parts, `near.${by}.cosines`)
  return dataOf(parts, `near.${by}.ids`)
    .map((id, place) => ({
      layer: Math.floor(id / innerWidth),
      index: id % innerWidth,
      cosine: cosines[place] as number,
    }))
    .filter(({ index }) => index >= 0)
}

const roleTitles: Readonly<Record<string, string>> = {
  key: 'key, mlp.up',
  gate: 'key, mlp.gate',
  value: 'value, mlp.down',
}

function describeNeuron(reading: NeuronReading, paint: Paint): string[] {
  const { model, layer, index, keyNorm, valueNorm, words, nearest } = reading
  const roles = Object.entries(words)
  const shown = (word: Word | undefined): string =>
    word === undefined ? '' : `${visibleToken(word.text)} ${word.score.toFixed(2)}`
  const table = [
    ['', ...roles.flatMap(([role]) => [`${roleTitles[role]}: most`, 'least'])],
    ...(words['key']?.top ?? []).map((_, place) => [
      String(place + 1),
      ...roles.flatMap(([, { top, bottom }]) => [shown(top[place]), shown(bottom[place])]),
    ]),
  ]
  const near = (one: NearNeuron | undefined): string =>
    one === undefined ? '' : `${one.layer}/${one.index} ${one.cosine.toFixed(3)}`
  const nearTable = [
    ['', 'nearest by key', 'nearest by value'],
    ...nearest.key.map((one, place) => [String(place + 1), near(one), near(nearest.value[place])]),
  ]
  const norms = `norm of its key ${keyNorm.toFixed(3)}, of its value ${valueNorm.toFixed(3)}`
  const title = `neuron ${index} of layer ${layer} of ${model}`
  return [
    paint(title, 'bold'),
    norms,
    '',
    ...formatColumns(table, paint),
    '',
    ...formatColumns(nearTable, paint),
  ]
}
