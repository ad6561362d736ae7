// `lens edit`: computes an edit of a model and keeps it as a file of factors; the model itself is not written.
import { Command } from 'commander'
import { computeEdit } from '../edits/compute-edit.js'
import { loadEdit, saveEdit } from '../edits/edit-file.js'
import type { EditMethodName, EditProgress } from '../edits/edit-method.js'
import type { EditRequest } from '../edits/edit-request.js'
import type { Edit } from '../edits/edit.js'
import type { HyperparameterValue, HyperparameterValues } from '../edits/hyperparameters.js'
import { addressKey, deltaNorm, type MatrixDelta } from '../edits/matrix-delta.js'
import { editMethods, findEditMethod } from '../edits/registry.js'
import { prepareResources } from '../resources/prepare-resources.js'
import type { CommandLine } from './command-line.js'
import { describeEditProgress } from './describe-progress.js'
import { readJsonFile } from './read-json.js'
import { badFlag, wholeNumber } from './read-flags.js'
import { formatBytes, formatColumns } from './terminal-text.js'
import { withModel, type ModelFlags } from './with-model.js'

interface EditFlags extends ModelFlags {
  readonly method: EditMethodName
  readonly request: string
  readonly out?: string
  readonly hyperparameter: HyperparameterValues
  readonly onTopOf: readonly string[]
  readonly seed: number
  readonly mendCheckpoint?: string
  readonly json: boolean
  readonly color: boolean
}

const examples = `
Examples:
  lens edit --method forward-shift --request france.json --out france.safetensors
  lens edit --method rome --request france.json --hyperparameter layer=3 --json
  lens edit --method sgd --request spain.json --on-top-of france.safetensors --out spain.safetensors

A request is JSON: {"prompt": "The capital of {} is", "subject": "France", "target": "Rome"}, or a list of such for
methods that write several facts at once. Methods: ${editMethods.map(({ name }) => name).join(', ')}.
rome, r-rome, memit and alphaedit read key covariances (\`lens stats\`), mend a trained editor (\`lens train-mend\`). What is
missing for the bundled model is computed first and kept.`

export function createEditCommand(line: CommandLine): Command {
  return new Command('edit')
    .description('compute an edit of a model and keep it as a file of factors')
    .option(
      '-m, --model <name|directory>',
      'a name of `lens models list`, or a directory',
      'bundled',
    )
    .requiredOption('--method <name>', 'how to edit', (name) => findEditMethod(name).name)
    .requiredOption('-r, --request <file>', 'JSON: prompt, subject and target')
    .option('-o, --out <file>', 'the safetensors file of the edit')
    .option('--hyperparameter <name=value>', 'repeated; others keep defaults', addValue, {})
    .option('--on-top-of <file>', 'an edit the model runs under; repeated, in order', addFile, [])
    .option('--seed <number>', 'of all draws', wholeNumber('--seed', 0, 2 ** 31 - 1), 0)
    .option('--mend-checkpoint <file>', 'a trained editor, for mend')
    .option('--threads <count>', 'threads of one operator', wholeNumber('--threads', 1, 1024))
    .option('--json', 'JSON for scripts; errors too', false)
    .option('--no-color', 'no colours')
    .addHelpText('after', examples)
    .action((flags: EditFlags) => edit(flags, line))
}

const addFile = (file: string, earlier: readonly string[]): readonly string[] => [...earlier, file]

/** `layer=3`, `layers=[3,4]`, `matrix=mlp.up`: JSON where it is JSON, else text. */
function addValue(text: string, earlier: HyperparameterValues): HyperparameterValues {
  const place = text.indexOf('=')
  if (place < 1) throw badFlag('--hyperparameter', text, 'a name and a value such as layer=3')
  return { ...earlier, [text.slice(0, place)]: valueOf(text.slice(place + 1)) }
}

function valueOf(text: string): HyperparameterValue {
  try {
    return JSON.parse(text) as HyperparameterValue
  } catch {
    return text
  }
}

async function edit(flags: EditFlags, line: CommandLine): Promise<void> {
  const requests = readRequests(flags.request)
  const onTopOf = flags.onTopOf.map(loadEdit)
  const { method, seed, hyperparameter: hyperparameters, mendCheckpoint } = flags
  const onProgress = (progress: EditProgress): void => line.progress(describeEditProgress(progress))
  const computed = await withModel(flags, line, async (model, signal) => {
    const methods = [{ method, hyperparameters }]
    const wanted = { home: line.home, methods, mendCheckpoint, signal, onProgress }
    const resources = await prepareResources(model, wanted)
    const options = { method, requests, hyperparameters, seed, onTopOf, resources }
    return computeEdit(model, { ...options, signal, onProgress })
  })
  const bytes = flags.out === undefined ? null : saveEdit(flags.out, computed)
  line.progress('')
  const written = flags.out === undefined || bytes === null ? null : { file: flags.out, bytes }
  line.print(
    flags.json
      ? [JSON.stringify({ ...toEditJson(computed), written })]
      : describeEdit(computed, written, line, flags.color),
  )
}

/** @throws FILE_UNREADABLE, BAD_ARGUMENT naming the request and the field */
function readRequests(file: string): readonly EditRequest[] {
  const parsed = readJsonFile(file)
  const list: readonly unknown[] = Array.isArray(parsed) ? parsed : [parsed]
  return list.map((one, index) => {
    const fields = (typeof one === 'object' && one !== null ? one : {}) as Record<string, unknown>
    const text = (name: string): string => {
      const value = fields[name]
      if (typeof value === 'string') return value
      const shown = JSON.stringify(value) ?? 'nothing'
      throw badFlag(
        '--request',
        `${file}: ${shown}`,
        `a file whose request ${index + 1} has the text "${name}"`,
      )
    }
    return { prompt: text('prompt'), subject: text('subject'), target: text('target') }
  })
}

const shapeOf = (delta: MatrixDelta) => ({
  matrix: addressKey(delta.address),
  kind: delta.kind,
  rank: delta.kind === 'low-rank' ? delta.rank : null,
  inputWidth: delta.inputWidth,
  outputWidth: delta.outputWidth,
  norm: deltaNorm(delta),
  bias: delta.bias !== null,
})

/** An edit without its arrays. */
export function toEditJson({ deltas, ...rest }: Edit) {
  return { ...rest, deltas: deltas.map(shapeOf) }
}

function describeEdit(
  { id, method, outcome, deltas, warnings, cost, receipt }: Edit,
  written: { readonly file: string; readonly bytes: number } | null,
  line: CommandLine,
  color: boolean,
): readonly string[] {
  const { paint } = line.style(color)
  const rows = deltas
    .map(shapeOf)
    .map((one) => [
      one.matrix,
      one.rank === null ? 'the whole matrix' : `rank ${one.rank}`,
      one.norm.toPrecision(4),
    ])
  return [
    `${paint(method, 'bold')} ${id.slice(0, 16)} in ${(cost.milliseconds / 1000).toFixed(2)} s, ${cost.forwardPasses} passes forward and ${cost.backwardPasses} back`,
    ...(outcome.kind === 'skipped' ? [`nothing was written: ${outcome.reason}`] : []),
    ...(rows.length === 0 ? [] : formatColumns([['matrix', 'change', 'norm'], ...rows], paint)),
    `hyperparameters not given: ${receipt.defaults}`,
    ...warnings.map((text) => `warning: ${text}`),
    ...(written === null ? [] : [`${formatBytes(written.bytes)} written to ${written.file}`]),
  ]
}
