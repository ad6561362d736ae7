// `lens models add`: a directory, a GGUF file, or a repository of a hub -> a model in the store, with progress.
import { Command } from 'commander'
import { downloadModel } from '../hub/download-model.js'
import type { DownloadProgress } from '../hub/download-options.js'
import {
  checkRevision,
  formatHubSource,
  parseModelSource,
  type ModelSource,
} from '../hub/model-source.js'
import { LensEngineError } from '../errors.js'
import { addModelInSteps, type ModelDirectory } from '../models/model-store.js'
import type { CommandLine } from './command-line.js'
import { formatBytes } from './terminal-text.js'

interface AddFlags {
  readonly json: boolean
  readonly name?: string
  readonly revision?: string
  readonly offline?: boolean
}

const help = `
Examples:
  lens models add ./gpt2                                        a directory with config.json, model.safetensors, tokenizer.json
  lens models add ./model-q8_0.gguf --name small                a GGUF file, converted once to float32
  lens models add hf:openai-community/gpt2                      the newest state of a repository on the hub
  lens models add hf:openai-community/gpt2@607a30d783dfa663     pinned to a branch, tag or commit (or --revision)
  lens models add hf:owner/name:model-q8_0.gguf                 one GGUF file of a repository
  lens models add hf:openai-community/gpt2 --offline            from the cache, without asking the hub

Only config.json, tokenizer.json and safetensors files (or the one GGUF file) are fetched, and each is verified against the
hub's checksum. Pickled weights (.bin, .pt) are refused: they can run code. Ctrl-C keeps what arrived; the same command goes
on from there. Files of a directory are shared with it where the disk can (reflink or hard link), else copied.

Environment:
  HF_ENDPOINT      address of another hub or mirror (default https://huggingface.co)
  HF_TOKEN         access token for private and gated models; it is sent to that address only
  HF_HUB_OFFLINE   1: as --offline`

/** The subcommand, ready to be added to `lens models`. */
export function createAddModelCommand(line: CommandLine): Command {
  return new Command('add')
    .description('add a model from a directory, a GGUF file, or a Hugging Face hub')
    .argument('<source>', 'a directory, a .gguf file, or hf:owner/name[@revision][:file.gguf]')
    .option('--name <name>', 'what to call it; its own name when absent')
    .option('--revision <revision>', 'branch, tag or commit on the hub (default: main)')
    .option('--offline', 'ask no hub; use what was fetched before')
    .option('--json', 'JSON for scripts; errors too', false)
    .option('--no-color', 'no colours')
    .addHelpText('after', help)
    .action(async (text: string, flags: AddFlags) => {
      const source = withRevision(parseModelSource(text), flags.revision)
      const notes: string[] = []
      const model = await untilInterrupted((signal) =>
        addFrom(source, flags, line, signal, (sentence) => notes.push(sentence)),
      )
      line.progress('')
      line.print(flags.json ? [JSON.stringify(toJson(model, notes))] : describe(model, notes))
    })
}

function addFrom(
  source: ModelSource,
  flags: AddFlags,
  line: CommandLine,
  signal: AbortSignal,
  onNote: (sentence: string) => void,
): Promise<ModelDirectory> {
  const { home } = line
  const named = flags.name === undefined ? {} : { name: flags.name }
  if (source.kind !== 'hub')
    return addModelInSteps(source.path, {
      home,
      ...named,
      signal,
      onConverted: (done, total) =>
        line.progress(`converting  ${formatBytes(done)} of ${formatBytes(total)}`),
    })
  return downloadModel(source, {
    home,
    ...named,
    ...(flags.offline === undefined ? {} : { offline: flags.offline }),
    signal,
    onNote,
    onProgress: (progress) => line.progress(describeProgress(progress)),
  })
}

/** One line: `downloading model.safetensors (2 of 3)  45 % of 548.1 MB  12.3 MB/s  0:25 left`. */
export function describeProgress(progress: DownloadProgress): string {
  const { stage, file, fileIndex, files, receivedBytes, totalBytes } = progress
  const what = file === null ? stage : `${stage} ${file} (${fileIndex + 1} of ${files})`
  if (totalBytes === 0) return what
  const share = `${Math.floor((100 * receivedBytes) / totalBytes)} % of ${formatBytes(totalBytes)}`
  const { bytesPerSecond, secondsLeft } = progress
  const rate = bytesPerSecond === null ? '' : `  ${formatBytes(bytesPerSecond)}/s`
  return `${what}  ${share}${rate}${secondsLeft === null ? '' : `  ${formatSeconds(secondsLeft)} left`}`
}

function formatSeconds(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  const padded = (value: number) => String(value).padStart(2, '0')
  const tail = `${hours > 0 ? padded(minutes) : minutes}:${padded(seconds % 60)}`
  return hours > 0 ? `${hours}:${tail}` : tail
}

/** Ctrl-C aborts the work and leaves it time to say what it keeps; a second one ends the process. */
async function untilInterrupted<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const stop = new AbortController()
  const onInterrupt = (): void => stop.abort()
  process.once('SIGINT', onInterrupt)
  process.once('SIGTERM', onInterrupt)
  try {
    return await work(stop.signal)
  } catch (error) {
    if (!stop.signal.aborted || error instanceof LensEngineError) throw error
    throw new LensEngineError('DOWNLOAD_CANCELLED', 'adding the model was stopped', {
      cure: 'Nothing was added: run the same command again.',
    })
  } finally {
    process.off('SIGINT', onInterrupt)
    process.off('SIGTERM', onInterrupt)
  }
}

function withRevision(source: ModelSource, revision: string | undefined): ModelSource {
  if (revision === undefined) return source
  if (source.kind === 'hub' && [null, revision].includes(source.revision))
    return { ...source, revision: checkRevision(revision) }
  const shown = source.kind === 'hub' ? formatHubSource(source) : source.path
  throw new LensEngineError('BAD_ARGUMENT', `--revision ${revision} does not go with ${shown}`, {
    details: { flag: '--revision', value: revision.slice(0, 80), source: shown.slice(0, 120) },
    cure: 'Give one revision, and only with a source that begins with hf: .',
  })
}

function toJson(
  model: ModelDirectory,
  notes: readonly string[],
): Readonly<Record<string, unknown>> {
  const { name, source, directory, weightsDigest, configDigest, hub } = model
  return { name, source, directory, weightsDigest, configDigest, hub, notes }
}

function describe(model: ModelDirectory, notes: readonly string[]): readonly string[] {
  const { name, weightsDigest, directory, hub } = model
  const from = hub === null ? '' : `  commit ${hub.commit.slice(0, 12)} of ${hub.repository}`
  return [...notes, `added ${name}${from}  sha256 ${weightsDigest.slice(0, 12)}  in ${directory}`]
}
