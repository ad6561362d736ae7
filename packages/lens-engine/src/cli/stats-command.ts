// `lens stats`: the covariance of a model's keys, which ROME, MEMIT and AlphaEdit need.
import { join } from 'node:path'
import { Command } from 'commander'
import {
  corpusFormats,
  openCorpus,
  type CorpusFormatName,
  type TextCorpus,
} from '../datasets/text-corpus.js'
import { LensEngineError } from '../errors.js'
import {
  computeCovariances,
  WANTED_TOKENS,
  type ComputedCovariance,
  type CovarianceProgress,
} from '../key-covariance/covariance-store.js'
import { findRepositoryRoot } from '../models/home.js'
import { openModel } from '../models/model-store.js'
import { loadModel, type LoadedModel } from '../runtime/load-model.js'
import type { CommandLine } from './command-line.js'
import { badFlag, oneOf, wholeNumber } from './read-flags.js'
import { formatColumns } from './terminal-text.js'

interface StatsFlags {
  readonly model: string
  readonly layers: readonly number[] | 'all'
  readonly corpus?: string
  readonly format?: CorpusFormatName
  readonly tokens?: number
  readonly documentTokens?: number
  readonly threads?: number
  readonly json: boolean
  readonly color: boolean
}

const formats = Object.keys(corpusFormats) as CorpusFormatName[]

const examples = `
Examples:
  lens stats --layers 3,4,5                                   the bundled model, from its own corpus
  lens stats --model ./gpt2 --layers 8 --corpus wiki.jsonl --tokens 1000000
  lens stats --model smollm2 --layers 10-14 --corpus data.noun --format wordnet

Formats of a corpus, plain or gzipped:
${formats.map((name) => `  ${name.padEnd(11)} ${corpusFormats[name].description}`).join('\n')}

C = E[k k^T] over every token, uncentred; k is the input of mlp.down. The papers use 100,000 articles of Wikipedia; below
${WANTED_TOKENS} tokens C is close to singular and a warning says so. Ctrl-C keeps what is summed; the same command goes on.`

export function createStatsCommand(line: CommandLine): Command {
  return new Command('stats')
    .description("compute the covariance of a model's keys, needed by rome, memit and alphaedit")
    .option(
      '-m, --model <name|directory>',
      'a name of `lens models list`, or a directory',
      'bundled',
    )
    .requiredOption('--layers <layers>', 'such as 3,5 or 10-14, or all', readLayers)
    .option('--corpus <file>', "text to read (default: the bundled model's own corpus)")
    .option(
      '--format <name>',
      `${formats.join(', ')} (default: by name)`,
      oneOf('--format', formats),
    )
    .option('--tokens <count>', 'stop after so many', wholeNumber('--tokens', 1, 1e12))
    .option(
      '--document-tokens <count>',
      'tokens read of each document at most (default: 256)',
      wholeNumber('--document-tokens', 1, 1e6),
    )
    .option('--threads <count>', 'threads of one operator', wholeNumber('--threads', 1, 1024))
    .option('--json', 'JSON for scripts; errors too', false)
    .option('--no-color', 'no colours')
    .addHelpText('after', examples)
    .action((flags: StatsFlags) => computeStatistics(flags, line))
}

/** `3,5`, `10-14` or `all`. */
export function readLayers(text: string): readonly number[] | 'all' {
  if (text.trim() === 'all') return 'all'
  const layers = text.split(',').flatMap((part) => {
    const match = /^\s*(\d{1,4})(?:-(\d{1,4}))?\s*$/.exec(part)
    if (match === null) throw badFlag('--layers', text, 'layers such as 3,5 or 10-14, or all')
    const [first, last] = [Number(match[1]), Number(match[2] ?? match[1])]
    if (last < first) throw badFlag('--layers', text, 'ranges that rise, such as 10-14')
    return Array.from({ length: last - first + 1 }, (_, index) => first + index)
  })
  return [...new Set(layers)].sort((a, b) => a - b)
}

async function computeStatistics(flags: StatsFlags, line: CommandLine): Promise<void> {
  const corpus = corpusOf(flags)
  const files = openModel(flags.model, { home: line.home })
  const { threads } = flags
  const model = loadModel(files, threads === undefined ? {} : { threads })
  const controller = new AbortController()
  const interrupt = (): void => controller.abort()
  process.once('SIGINT', interrupt)
  try {
    const computed = await computeCovariances(model, {
      home: line.home,
      corpus,
      layers: layersOf(flags, model),
      signal: controller.signal,
      onProgress: (progress) => line.progress(describeProgress(progress)),
      ...(flags.tokens === undefined ? {} : { tokens: flags.tokens }),
      ...(flags.documentTokens === undefined ? {} : { documentTokens: flags.documentTokens }),
    })
    line.progress('')
    line.print(flags.json ? [JSON.stringify(computed)] : describe(computed, flags, line))
  } finally {
    process.off('SIGINT', interrupt)
    await model.dispose()
  }
}

const layersOf = ({ layers }: StatsFlags, { shape }: LoadedModel): readonly number[] =>
  layers === 'all' ? [...Array(shape.layers).keys()] : layers

function corpusOf({ model, corpus, format }: StatsFlags): TextCorpus {
  if (corpus !== undefined) return openCorpus(corpus, format)
  const root = findRepositoryRoot()
  if (model === 'bundled' && root !== null) {
    return openCorpus(join(root, 'datasets', 'corpus.txt.gz'), 'lines')
  }
  throw new LensEngineError('BAD_ARGUMENT', 'no corpus is named', {
    details: { flag: '--corpus' },
    cure: 'Name a text file: --corpus wiki.jsonl. Only the bundled model has a corpus of its own.',
  })
}

function describeProgress({ tokens, totalTokens, documents, secondsLeft }: CovarianceProgress) {
  const total = totalTokens === null ? '' : ` of ${totalTokens.toLocaleString('en-US')}`
  const left = secondsLeft === null ? '' : `, ${Math.ceil(secondsLeft)} s left`
  return `${tokens.toLocaleString('en-US')}${total} tokens of ${documents} documents${left}`
}

function describe(
  computed: readonly ComputedCovariance[],
  flags: StatsFlags,
  line: CommandLine,
): readonly string[] {
  const { paint } = line.style(flags.color)
  const rows = computed.map(({ path, receipt, reused }) => [
    String(receipt.layer),
    receipt.matrix,
    String(receipt.width),
    receipt.tokens.toLocaleString('en-US'),
    String(receipt.documents),
    reused ? 'was there' : 'computed',
    path,
  ])
  const head = ['layer', 'matrix', 'width', 'tokens', 'documents', '', 'file']
  const warnings = [...new Set(computed.flatMap((one) => one.warnings))]
  return [...formatColumns([head, ...rows], paint), ...warnings.map((text) => `warning: ${text}`)]
}
