// `lens verify`: a real model against published numbers, each difference printed.
import { Command } from 'commander'
import { LensEngineError } from '../errors.js'
import type { LensRequest } from '../lens/lens-result.js'
import { runLens } from '../lens/run-lens.js'
import { openModel } from '../models/model-store.js'
import { loadModel, type LoadedModel } from '../runtime/load-model.js'
import { providerChoices, type ProviderChoice } from '../runtime/provider.js'
import type { CommandLine } from './command-line.js'
import { comparePublished, type Comparison } from './compare-published.js'
import { exitCodes } from './exit-codes.js'
import { publishedGpt2, type PublishedRun } from './published-gpt2.js'
import { oneOf, wholeNumber } from './read-flags.js'
import { formatColumns, visibleToken, type Paint } from './terminal-text.js'

interface VerifyFlags {
  readonly model: string
  readonly provider: ProviderChoice
  readonly threads?: number
  readonly json: boolean
  readonly color: boolean
}

/** Published runs by the name of their model. */
const publishedRuns: Readonly<Record<string, PublishedRun>> = { gpt2: publishedGpt2 }

export function createVerifyCommand(line: CommandLine): Command {
  const names = Object.keys(publishedRuns)
  return new Command('verify')
    .description('compare a real model with published numbers and print every difference')
    .argument('<published>', names.join(', '), oneOf('<published>', names))
    .requiredOption(
      '-m, --model <name|directory>',
      'the real model, such as a download of openai-community/gpt2',
    )
    .option(
      '--provider <name>',
      `where it computes: ${providerChoices.join(', ')}`,
      oneOf('--provider', providerChoices),
      'auto',
    )
    .option(
      '--threads <count>',
      'threads of one operator (default: all cores)',
      wholeNumber('--threads', 1, 1024),
    )
    .option('--json', 'JSON for scripts; errors too', false)
    .option('--no-color', 'no colours')
    .addHelpText(
      'after',
      '\nTolerances: loss and norms 1e-4; ranks 5 at the last token and 0.1% of the vocabulary elsewhere.\nExit code 1 when anything lies beyond them.',
    )
    .action((name: string, flags: VerifyFlags) => verify(publishedRuns[name]!, flags, line))
}

async function verify(
  published: PublishedRun,
  flags: VerifyFlags,
  line: CommandLine,
): Promise<void> {
  line.progress('opening the model ...')
  const files = openModel(flags.model, { home: line.home })
  const { provider, threads } = flags
  const model = loadModel(files, { provider, ...(threads === undefined ? {} : { threads }) })
  try {
    refuseOtherShape(model, published)
    const request: LensRequest = {
      prompt: { ids: published.promptIds },
      target: { ids: [published.targetId] },
      matrices: ['mlp.down'],
      hiddenStates: false,
      imprint: false,
    }
    const [result] = await runLens(model, [request], {
      onStage: (stage) => line.progress(`${stage} ...`),
    })
    line.progress('')
    const comparisons = comparePublished(result!, published)
    const failed = comparisons.filter(({ within }) => !within).length
    if (failed > 0) process.exitCode = exitCodes.failedCheck
    const { receipt } = result!
    if (flags.json)
      line.print([JSON.stringify({ passed: failed === 0, failed, comparisons, receipt })])
    else line.print(describe(comparisons, published, failed, line.style(flags.color).paint))
  } finally {
    await model.dispose()
  }
}

function refuseOtherShape(model: LoadedModel, { shape, description }: PublishedRun): void {
  const { layers, width, vocabularySize } = model.shape
  if (layers === shape.layers && width === shape.width && vocabularySize === shape.vocabularySize)
    return
  const show = (sizes: PublishedRun['shape']) =>
    `${sizes.layers} layers of width ${sizes.width}, ${sizes.vocabularySize} tokens`
  throw new LensEngineError(
    'MODEL_UNSUPPORTED',
    `the model has ${show(model.shape)}; the published run (${description}) has ${show(shape)}`,
    {
      details: { layers, width, vocabularySize },
      cure: 'Name the directory of the model that the numbers were published for.',
    },
  )
}

function describe(
  comparisons: readonly Comparison[],
  published: PublishedRun,
  failed: number,
  paint: Paint,
): string[] {
  const number = (value: number | null, digits: number) =>
    value === null ? '–' : Number.isInteger(value) ? String(value) : value.toFixed(digits)
  const rows = comparisons.map(
    ({ what, published: expected, measured, difference, tolerance, within }) => [
      visibleWords(what),
      number(expected, 4),
      number(measured, 6),
      number(difference, 6),
      String(tolerance),
      within ? 'ok' : 'BEYOND',
    ],
  )
  return [
    paint(published.description, 'bold'),
    ...formatColumns(
      [['what', 'published', 'measured', 'difference', 'tolerance', ''], ...rows],
      paint,
    ),
    '',
    '– is a VJP of exactly zero, which has no rank.',
    failed === 0
      ? `all ${rows.length} numbers agree`
      : `${failed} of ${rows.length} numbers lie beyond their tolerance`,
  ]
}

/** Spaces of the table's own stay; a token's leading space is shown. */
function visibleWords(what: string): string {
  return what
    .split('  ')
    .map((part) => (part.startsWith(' ') ? visibleToken(part) : part))
    .join('  ')
}
