// `lens models`: list, add, inspect, generate random ones, and prune what was fetched on the way.
import { Command } from 'commander'
import { inspectModel, type ModelInspection } from '../models/inspect-model.js'
import { listModels } from '../models/model-store.js'
import { createAddModelCommand } from './add-model-command.js'
import type { CommandLine } from './command-line.js'
import {
  generateModel,
  modelDtypes,
  modelShapes,
  type GenerateOptions,
  type ModelShapeName,
} from './generate-model.js'
import { createPruneCommand } from './prune-command.js'
import { oneOf, wholeNumber } from './read-flags.js'
import { formatBytes, formatColumns } from './terminal-text.js'

interface OutputFlags {
  readonly json: boolean
  readonly color: boolean
}

/** The command with its subcommands, ready to be added to the program. */
export function createModelsCommand(line: CommandLine): Command {
  return new Command('models')
    .description('the models that can be named, and what is in them')
    .addCommand(listCommand(line), { isDefault: true })
    .addCommand(createAddModelCommand(line))
    .addCommand(inspectCommand(line))
    .addCommand(randomCommand(line))
    .addCommand(createPruneCommand(line))
}

function listCommand(line: CommandLine): Command {
  return withOutputFlags(new Command('list'))
    .description('list the bundled model and those added')
    .action(({ json, color }: OutputFlags) => {
      const models = listModels({ home: line.home })
      if (json) return line.print([JSON.stringify(models)])
      const rows = models.map((model) => [
        model.bundled ? `bundled (${model.name})` : model.name,
        model.bytes === null ? '' : formatBytes(model.bytes),
        model.weightsDigest?.slice(0, 12) ?? '',
        model.available ? 'yes' : `no: ${model.reason}`,
        model.source,
      ])
      line.print(
        formatColumns(
          [['name', 'size', 'sha256', 'available', 'source'], ...rows],
          line.style(color).paint,
        ),
      )
    })
}

function inspectCommand(line: CommandLine): Command {
  return withOutputFlags(new Command('inspect'))
    .description('show a model’s sizes, tensors and the memory it takes, without loading it')
    .argument('<name|directory|file.gguf>')
    .option('--tensors', 'also every tensor', false)
    .action((model: string, flags: OutputFlags & { readonly tensors: boolean }) => {
      const inspection = inspectModel(model, { home: line.home })
      if (flags.json) return line.print([JSON.stringify(inspection)])
      const { paint } = line.style(flags.color)
      const facts = describeInspection(inspection).map(
        ([label, text]) => `${paint(label.padEnd(14), 'dim')} ${text}`,
      )
      const tensors = inspection.tensors.map(({ name, dtype, shape, length, parameter }) => [
        name,
        dtype,
        shape.join(' x '),
        formatBytes(length),
        parameter ? '' : 'buffer',
      ])
      const table = formatColumns([['tensor', 'dtype', 'shape', 'size', ''], ...tensors], paint)
      line.print(flags.tensors ? [...facts, '', ...table] : facts)
    })
}

const fitTexts: Readonly<Record<ModelInspection['fit'], string>> = {
  whole: 'fits',
  'block by block': 'fits block by block',
  not: 'does not fit',
}

function describeInspection(model: ModelInspection): [label: string, text: string][] {
  const { shape, memory, tokenizer } = model
  return [
    ['name', model.name],
    ['directory', model.directory],
    ['family', shape.family],
    [
      'layers',
      `${shape.layers}, width ${shape.width}, ${shape.heads} heads, inner width ${shape.innerWidth}`,
    ],
    ['context', `${shape.contextLength} positions`],
    [
      'vocabulary',
      `${shape.vocabularySize} tokens; tokenizer: ${tokenizer === null ? 'none (use token ids)' : `${tokenizer.vocabularySize} tokens`}`,
    ],
    [
      'parameters',
      `${model.parameters.toLocaleString('en-US')} ${model.dtype}, ${formatBytes(model.bytes)} in ${model.files.join(', ')}`,
    ],
    ['sha256', model.weightsDigest ?? 'known once it is added or run'],
    [
      'memory',
      `about ${formatBytes(memory.frugal.total)} at once, ${formatBytes(memory.streaming.total)} block by block, for ${model.memoryPositions} positions; ${formatBytes(model.availableMemory)} available: ${fitTexts[model.fit]}`,
    ],
  ]
}

function randomCommand(line: CommandLine): Command {
  const shapes = Object.keys(modelShapes) as ModelShapeName[]
  const dtypes = Object.keys(modelDtypes) as GenerateOptions['dtype'][]
  const seeds = wholeNumber('--seed', 0, 2 ** 31 - 1)
  return withOutputFlags(new Command('random'))
    .description(
      'generate a model with seeded random weights, for benchmarks and tests; it has no tokenizer',
    )
    .requiredOption('--shape <name>', shapes.join(', '), oneOf('--shape', shapes))
    .requiredOption('--out <directory>', 'a directory that does not exist yet')
    .option('--dtype <type>', dtypes.join(', '), oneOf('--dtype', dtypes), 'f32')
    .option('--seed <number>', 'equal seeds give equal files', seeds, 1)
    .action((flags: OutputFlags & GenerateOptions & { readonly out: string }) => {
      const { shape, dtype, seed } = flags
      line.progress('generating ...')
      const directory = generateModel(flags.out, { shape, dtype, seed })
      line.progress('')
      const { bytes, parameters } = inspectModel(directory, { home: line.home })
      const count = parameters.toLocaleString('en-US')
      line.print(
        flags.json
          ? [JSON.stringify({ directory, shape, dtype, seed, bytes, parameters })]
          : [`generated ${directory}: ${count} parameters, ${dtype}, ${formatBytes(bytes)}`],
      )
    })
}

function withOutputFlags(command: Command): Command {
  return command
    .option('--json', 'JSON for scripts; errors too', false)
    .option('--no-color', 'no colours')
}
