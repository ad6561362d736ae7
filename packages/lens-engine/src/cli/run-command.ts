// `lens run`: one prompt and target on one model, in this process; a table for people or JSON for scripts.
import { Command } from 'commander'
import { matrixNames, type MatrixName } from '../architectures/hook-points.js'
import { LensEngineError } from '../errors.js'
import { lensKinds } from '../lens/lens-plan.js'
import type {
  LensKind,
  LensRequest,
  LensResult,
  TargetMode,
  TextOrIds,
} from '../lens/lens-result.js'
import { runLens, type LensStage } from '../lens/run-lens.js'
import type { LensProgress } from '../lens/stream-watch.js'
import { openModel } from '../models/model-store.js'
import { deviceCacheFile } from '../runtime/device-cache.js'
import { loadModel, type LoadedModel } from '../runtime/load-model.js'
import { providerChoices, type ProviderChoice } from '../runtime/provider.js'
import {
  defaultEnd,
  formatHiddenTable,
  formatLayerTable,
  formatMatrixTable,
  type TableEnd,
} from './lens-table.js'
import { collectMatrices, oneOf, tokenIds, wholeNumber } from './read-flags.js'
import { toResultJson } from './result-json.js'
import type { CommandLine } from './command-line.js'
import { describeProgress } from './stream-progress.js'
import { visibleToken, type Paint } from './terminal-text.js'
import { writeVectors } from './vectors-file.js'

interface RunFlags {
  readonly model: string
  readonly prompt?: string
  readonly target?: string
  readonly promptIds?: readonly number[]
  readonly targetId?: readonly number[]
  readonly targetMode: TargetMode
  readonly lens: LensKind
  readonly matrix?: readonly MatrixName[]
  readonly top?: number
  readonly end?: TableEnd
  readonly hidden: boolean
  readonly provider: ProviderChoice
  readonly threads?: number
  readonly streaming: boolean
  readonly seed: number
  readonly json: boolean
  readonly vectors?: string
  readonly color: boolean
}

const targetModes: readonly TargetMode[] = ['first', 'last', 'sequence']
const tableEnds: readonly TableEnd[] = ['top', 'bottom']
const shownByDefault: readonly MatrixName[] = ['mlp.down']
const MAXIMUM_TOP = 50
const MAXIMUM_THREADS = 1024

const examples = `
Examples:
  lens run --model bundled --prompt "The capital of France is" --target " Paris"
  lens run --prompt "The capital of France is" --target Paris --matrix mlp.up,attention.output
  lens run --model ./gpt2 --prompt-ids 15948,6348,510,287 --target-id 6342 --json > run.json
  lens run --model ./gpt2 --prompt "Obama grew up in" --target " Paris" --vectors run.safetensors

The table has a column for each token of the prompt and a row for each layer, the last layer on top. A cell is the
vocabulary token that one factor of the gradient means. dL/dW of a matrix is a sum over positions of outer products of
its input x_i and its VJP delta_i; the one of the two that lives in the residual stream is projected:
  the input of   attention.query, attention.key, attention.value, mlp.gate, mlp.up     (read at its top end)
  the VJP of     attention.output, mlp.down                                            (read at its bottom end)
The sign is raw: an update subtracts the gradient, so what an update writes is the bottom end of a VJP.

JSON (--json), layers, positions and ranks counted from 0:
  loss                nats
  tokens              [{id, text}] of the prompt (and of the target but its last token, with --target-mode sequence)
  promptLength        number of the prompt's tokens
  target              {mode, tokens, ranked}: "ranked" is the token whose rank is reported
  answer, next        the model's own next token, and the most probable ones: {id, text, logit, probability}
  cells               [{layer, position, matrix, factor, norm, masked, targetRank, answerRank, top, bottom}]
                      top and bottom: [{id, text, logit, probability}]; null for the factor that is not projected,
                      whose ranks are null too. masked: the VJP is exactly zero and nothing is written; then the VJP
                      has no ranks and no tokens. bottom is least probable first.
  gradientRank        [{layer, matrix, rank, largestSingularValue, tolerance}] of dL/dW
  gradientCheck       [{matrix, analytic, measured, relativeError}] of a directional derivative of the loss
  hiddenStates        [{layer, position, norm, targetRank, answerRank, top, bottom}]: the ordinary logit lens
  imprint             [{layer, position, matrix, own, full, shiftOwnNorm, shiftFullNorm, shiftTargetLogit}]
  receipt             digests, versions, provider, device and why, dtype, threads, seed and timings in milliseconds

--vectors writes float32 tensors layers.<l>.<matrix>.input and layers.<l>.<matrix>.vjp, each [positions, width].`

/** The command, ready to be added to the program. */
export function createRunCommand(line: CommandLine): Command {
  const command = new Command('run').description(
    'read the gradient of a prompt and a target, layer by layer and position by position',
  )
  addInputOptions(command)
  addReadingOptions(command)
  addEngineOptions(command)
  return command
    .option('--json', 'the whole result as JSON; errors too', false)
    .option('--vectors <file>', 'write X and Delta of every matrix to a safetensors file')
    .option('--no-color', 'no colours (also by NO_COLOR)')
    .addHelpText('after', examples)
    .action((flags: RunFlags) => run(flags, line))
}

function addInputOptions(command: Command): void {
  const model = 'a name of `lens models list`, or a directory in Hugging Face layout'
  const mode = 'which target tokens the loss scores: first, last or sequence'
  command
    .option('-m, --model <name|directory>', model, 'bundled')
    .option('-p, --prompt <text>', 'the text the model reads')
    .option('-t, --target <text>', 'what it should say next; a leading space is added if absent')
    .option('--prompt-ids <ids>', 'the prompt as token ids instead', tokenIds('--prompt-ids'))
    .option('--target-id <ids>', 'the target as token ids instead', tokenIds('--target-id'))
    .option('--target-mode <mode>', mode, oneOf('--target-mode', targetModes), 'first')
}

function addReadingOptions(command: Command): void {
  const lens =
    'how a vector becomes logits: raw (D v), final-norm (D ln_f(v)), normalized (D ln_f(v/|v|))'
  const matrices = `matrices to read, repeated or separated by commas: ${matrixNames.join(', ')} (default: mlp.down in the table, all in JSON)`
  const top = `tokens at each end of a cell in JSON, 1 to ${MAXIMUM_TOP} (default: 10)`
  command
    .option('--lens <kind>', lens, oneOf('--lens', lensKinds), 'final-norm')
    .option('--matrix <names>', matrices, collectMatrices)
    .option('--top <count>', top, wholeNumber('--top', 1, MAXIMUM_TOP))
    .option('--end <end>', 'which end the table shows: top or bottom', oneOf('--end', tableEnds))
    .option('--hidden', 'also the table of the hidden states (the ordinary logit lens)', false)
}

function addEngineOptions(command: Command): void {
  const where = `where it computes: ${providerChoices.join(', ')}`
  const threads = 'threads of one operator (default: all cores)'
  command
    .option('--provider <name>', where, oneOf('--provider', providerChoices), 'auto')
    .option('--threads <count>', threads, wholeNumber('--threads', 1, MAXIMUM_THREADS))
    .option(
      '--streaming',
      'run block by block; slower (default: only where the whole does not fit into memory)',
      false,
    )
    .option(
      '--seed <number>',
      'seed of the gradient check',
      wholeNumber('--seed', 0, 2 ** 31 - 1),
      0,
    )
}

async function run(flags: RunFlags, line: CommandLine): Promise<void> {
  const request = toRequest(flags)
  line.progress('opening the model ...')
  const files = openModel(flags.model, { home: line.home })
  const { threads, provider, seed, streaming } = flags
  const model = loadModel(files, {
    provider,
    deviceCache: deviceCacheFile(line.home),
    streaming: streaming ? true : 'auto',
    // One run: the session of the lens is closed before that of the check maps the weights again.
    sessions: 1,
    ...(threads === undefined ? {} : { threads }),
  })
  try {
    const onStage = (stage: LensStage, progress?: LensProgress) =>
      line.progress(describeProgress(stage, progress))
    const [result] = await runLens(model, [request], { seed, onStage })
    line.progress('')
    if (result === undefined) return
    if (flags.vectors !== undefined) writeVectors(flags.vectors, result)
    line.print(
      flags.json
        ? [JSON.stringify(toResultJson(result))]
        : describeResult(result, model, flags, line),
    )
  } finally {
    await model.dispose()
  }
}

/** Flags -> request. @throws BAD_ARGUMENT, PROMPT_EMPTY or TARGET_EMPTY before any model is opened */
function toRequest(flags: RunFlags): LensRequest {
  const everything = flags.json || flags.vectors !== undefined
  const matrices = flags.matrix ?? (everything ? undefined : shownByDefault)
  return {
    prompt: textOrIds(flags.prompt, flags.promptIds, 'prompt', '--prompt-ids'),
    target: textOrIds(flags.target, flags.targetId, 'target', '--target-id'),
    targetMode: flags.targetMode,
    lens: flags.lens,
    ...(flags.top === undefined ? {} : { topK: flags.top }),
    imprint: flags.json,
    hiddenStates: flags.json || flags.hidden,
    vectors: flags.vectors !== undefined,
    ...(matrices === undefined ? {} : { matrices }),
  }
}

function textOrIds(
  text: string | undefined,
  ids: readonly number[] | undefined,
  what: 'prompt' | 'target',
  idFlag: string,
): TextOrIds {
  if (text !== undefined && ids !== undefined)
    throw new LensEngineError('BAD_ARGUMENT', `the ${what} is given twice, as text and as ids`, {
      details: { flag: idFlag },
      cure: `Give either --${what} or ${idFlag}.`,
    })
  if (ids !== undefined) return { ids }
  if (text !== undefined) return { text }
  const isPrompt = what === 'prompt'
  throw new LensEngineError(isPrompt ? 'PROMPT_EMPTY' : 'TARGET_EMPTY', `there is no ${what}`, {
    cure: isPrompt
      ? 'Give one: --prompt "The capital of France is", or --prompt-ids.'
      : 'Give one: --target " Paris", or --target-id.',
  })
}

function describeResult(
  result: LensResult,
  model: LoadedModel,
  flags: RunFlags,
  line: CommandLine,
): string[] {
  const style = line.style(flags.color)
  const shown = flags.matrix ?? shownByDefault
  const tables = shown.flatMap((matrix) => [
    '',
    ...formatMatrixTable(result, matrix, flags.end ?? defaultEnd(matrix), style),
    '',
    ...formatLayerTable(result, matrix, style),
  ])
  const hidden = flags.hidden ? ['', ...formatHiddenTable(result, style)] : []
  const written = flags.vectors === undefined ? [] : ['', `vectors written to ${flags.vectors}`]
  return [...summary(result, model, style.paint), ...tables, ...hidden, ...written]
}

function summary(result: LensResult, model: LoadedModel, paint: Paint): string[] {
  const { family, layers, width, vocabularySize, name } = model.describe()
  const { receipt, target, answer } = result
  const show = (tokens: readonly { text: string }[]) =>
    tokens.map(({ text }) => visibleToken(text)).join('|')
  const percent = (probability: number) => `${(100 * probability).toPrecision(3)}%`
  const candidates = result.next
    .slice(0, 5)
    .map((token) => `${visibleToken(token.text)} ${percent(token.probability)}`)
  const error = receipt.gradientCheckError
  const row = (label: string, text: string) => `${paint(label.padEnd(8), 'dim')} ${text}`
  return [
    row('model', `${name} (${family}, ${layers} layers, width ${width}, ${vocabularySize} tokens)`),
    row(
      'device',
      `${receipt.provider} on ${receipt.device}, ${receipt.threads} threads (${receipt.providerReason})`,
    ),
    row(
      'prompt',
      `${show(result.tokens.slice(0, result.promptLength))}  (${result.promptLength} tokens)`,
    ),
    row(
      'target',
      `${show(target.tokens)}  (${target.mode}; ranked: ${visibleToken(target.ranked.text)}, id ${target.ranked.id})`,
    ),
    row('loss', `${result.loss.toFixed(4)} nats`),
    row('answer', `${visibleToken(answer.text)}; most probable: ${candidates.join(', ')}`),
    ...(error === null
      ? []
      : [
          row(
            'check',
            `the gradient agrees with a directional derivative to ${error.toExponential(1)}`,
          ),
        ]),
  ]
}
