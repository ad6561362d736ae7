// `--known-only`: cases -> those whose true answer the unedited model gives, and the line that says how many there are. Its
// answers are kept under Imprint's home, so that a resumed evaluation does not ask again.
import { existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { EvaluationCase } from '../datasets/evaluation-case.js'
import type { DatasetReport } from '../datasets/read-dataset.js'
import type { HeaderRecord } from '../evaluation/evaluation-record.js'
import { selectKnownCases, type KnownAnswer, type KnownCases } from '../evaluation/known-cases.js'
import type { LoadedModel } from '../runtime/load-model.js'
import { writeFileAtomically } from '../weights/atomic-file.js'
import type { CommandLine } from './command-line.js'
import { readJsonFile } from './read-json.js'

interface KnownFlags {
  readonly cases?: number
  readonly seed: number
}

interface AskedCases {
  readonly cases: readonly EvaluationCase[]
  readonly dataset: DatasetReport
  readonly signal: AbortSignal
}

export function keepKnown(
  model: LoadedModel,
  { cases, dataset, signal }: AskedCases,
  { cases: count, seed }: KnownFlags,
  line: CommandLine,
): Promise<KnownCases> {
  const path = answersPath(model, dataset, line.home)
  const answers = readAnswers(path)
  return selectKnownCases(model, cases, {
    ...(count === undefined ? {} : { count }),
    seed,
    answers,
    signal,
    onProgress: ({ tested, known }) => {
      line.progress(`${known} known of ${tested} cases asked`)
      writeAnswers(path, answers)
    },
  })
}

/** One file for a model, its tokenizer and a data set. */
function answersPath({ files, tokenizer }: LoadedModel, { digest }: DatasetReport, home: string) {
  const parts = [files.weightsDigest, tokenizer?.digest ?? '', digest ?? '']
  const name = parts.map((part) => part.slice(0, 16)).join('-')
  return join(home, 'known-cases', `${name}.json`)
}

const answerNames: readonly unknown[] = ['none', 'first', 'all'] satisfies KnownAnswer[]

/** A file that holds something else is as good as none. */
function readAnswers(path: string): Map<string, KnownAnswer> {
  if (!existsSync(path)) return new Map()
  const stored = readJsonFile(path)
  if (!Array.isArray(stored)) return new Map()
  const sound = stored.filter(
    (one: unknown): one is [string, KnownAnswer] =>
      Array.isArray(one) && typeof one[0] === 'string' && answerNames.includes(one[1]),
  )
  return new Map(sound)
}

function writeAnswers(path: string, answers: ReadonlyMap<string, KnownAnswer>): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileAtomically(path, (append) => append(Buffer.from(JSON.stringify([...answers]))))
}

export function knownLines({ dataset: { known } }: HeaderRecord): readonly string[] {
  if (known === undefined) return []
  const { tested, firstToken, known: all } = known
  return [
    `the unedited model was asked ${tested} cases: it gives the first token of ${firstToken} true answers, all of ${all}`,
  ]
}
