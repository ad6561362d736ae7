// Feeds damaged data sets to their reader. Every file must be read, with a reason for each record that is left out, or refused with its place.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EvaluationCase } from '../datasets/evaluation-case.js'
import { readDataset, type DatasetReport } from '../datasets/read-dataset.js'
import { LensEngineError } from '../errors.js'
import { createRandom, type SeededRandom } from '../tensor/seeded-random.js'
import { damageValue } from './damage-value.js'
import type { FuzzReport } from './fuzz-readers.js'
import { mutateBytes } from './mutate-bytes.js'

type Fields = Readonly<Record<string, unknown>>

const subject = 'Ada Lovelace'

/** A sound record of each format, by its place in the file. */
const samples: ReadonlyArray<(place: number) => Fields> = [
  (place) => ({
    case_id: place,
    requested_rewrite: {
      prompt: '{} was born in',
      relation_id: 'P19',
      target_new: { str: 'Rome' },
      target_true: { str: 'London' },
      subject,
    },
    paraphrase_prompts: [`${subject} comes from`],
    neighborhood_prompts: ['Isaac Newton was born in'],
  }),
  (place) => ({
    case_id: place,
    prompt: `${subject} was born in`,
    rephrase_prompt: `The birthplace of ${subject} is`,
    subject,
    target_new: 'Rome',
    ground_truth: 'London',
    locality_prompt: 'Isaac Newton was born in',
    locality_ground_truth: 'Woolsthorpe',
  }),
  () => ({
    src: `Where was ${subject} born?`,
    rephrase: `What is the birthplace of ${subject}?`,
    subject,
    answers: ['London'],
    loc: 'nq question: where does the sun rise',
    loc_ans: 'in the east',
  }),
  (place) => ({
    known_id: place,
    template: '{} was born in',
    subject,
    attribute: 'London',
    relation_id: 'P19',
  }),
  (place) => ({
    id: `fact-${place}`,
    prompt: '{} was born in',
    subject,
    target_new: 'Rome',
    target_true: 'London',
    neighbors: [{ prompt: 'Isaac Newton was born in', target: 'Woolsthorpe' }],
  }),
]

const writings: ReadonlyArray<(records: readonly string[]) => string> = [
  (records) => records.join('\n'),
  (records) => `[${records.join(',')}]`,
  (records) => `\ufeff${records.join('\r\n')}\r\n`,
  (records) => `[\n${records.join(',\n')}\n]\n`,
]

const pick = <T>(random: SeededRandom, items: readonly T[]): T =>
  items[random.nextInteger(items.length)]!

/** One to four records of one format: fields damaged, bytes damaged, or both. */
function damagedFile(random: SeededRandom): Buffer {
  const sample = pick(random, samples)
  const damage = random.nextInteger(3)
  const records = Array.from({ length: 1 + random.nextInteger(4) }, (_, place) => {
    // Now and then two records have one id.
    const sound = sample(random.nextInteger(8) === 0 ? 0 : place)
    const hurt = damage !== 1 && random.nextInteger(4) > 0
    return JSON.stringify(hurt ? damageValue(sound, random) : sound)
  })
  const file = Buffer.from(pick(random, writings)(records))
  return damage === 0 ? file : mutateBytes(file, random, file.length)
}

const shortReason = (reason: string): string => reason.replaceAll(/"[^"]*"/g, '"…"').slice(0, 60)

/** What is wrong with a reader's answer; null when all holds. */
function faultOf(report: DatasetReport, cases: readonly EvaluationCase[]): string | null {
  const { records, accepted, rejected, rejections } = report
  const ids = new Set(cases.map(({ id }) => id))
  const areNamed = rejections.every(
    ({ record, field, reason }) =>
      record >= 1 && record <= records && field !== '' && reason !== '',
  )
  const isWhole = cases.every(({ request }) => request.prompt.split('{}').length === 2)
  const checks: ReadonlyArray<readonly [holds: boolean, otherwise: string]> = [
    [records === accepted + rejected, 'records are neither accepted nor rejected'],
    [cases.length === accepted, 'cases are not those accepted'],
    [rejections.length === rejected, 'rejections are not those counted'],
    [areNamed, 'a rejection does not name record, field and reason'],
    [ids.size === cases.length, 'two cases have one id'],
    [isWhole, 'a prompt holds {} not once'],
    [
      !/\p{Surrogate}/u.test(JSON.stringify(cases.map(textsOf))),
      'half of a surrogate pair came through',
    ],
  ]
  return checks.find(([holds]) => !holds)?.[1] ?? null
}

const textsOf = ({ request, paraphrases, neighbors }: EvaluationCase) => [
  Object.values(request).join(' '),
  paraphrases.join(' '),
  neighbors.map(({ prompt, target }) => prompt + target).join(' '),
]

const isPlaced = ({ code, details, cure }: LensEngineError): boolean =>
  code === 'DATASET_INVALID' &&
  details.file === 'fuzz.json' &&
  Number(details.record) >= 1 &&
  cure !== ''

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

/** Damages small data sets of every format `count` times. Equal seeds give equal files. */
export async function fuzzDatasets(count: number, seed: number): Promise<FuzzReport> {
  const random = createRandom(seed)
  const directory = mkdtempSync(join(tmpdir(), 'imprint-fuzz-'))
  const path = join(directory, 'fuzz.json')
  const [refused, crashes] = [new Map<string, number>(), new Map<string, number>()]
  let [accepted, slowest] = [0, 0]
  for (let index = 0; index < count; index++) {
    writeFileSync(path, damagedFile(random))
    const start = performance.now()
    const reader = readDataset({ path })
    const cases: EvaluationCase[] = []
    try {
      for await (const one of reader) cases.push(one)
      accepted++
      for (const { field, reason } of reader.report.rejections)
        add(refused, `${field}: ${shortReason(reason)}`)
      const fault = faultOf(reader.report, cases)
      if (fault !== null) add(crashes, `mutation ${index}: ${fault}`)
    } catch (error) {
      if (error instanceof LensEngineError && isPlaced(error)) add(refused, error.code)
      else add(crashes, `mutation ${index}: ${String(error)}`)
    }
    slowest = Math.max(slowest, performance.now() - start)
  }
  rmSync(directory, { recursive: true })
  return {
    format: 'dataset',
    count,
    seed,
    accepted,
    refused,
    crashes,
    slowestMilliseconds: slowest,
  }
}
