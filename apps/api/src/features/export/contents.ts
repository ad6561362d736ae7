// What the files of runs, edits and evaluations hold, as schemas that an import checks.
import { z } from 'zod'
import { lensKinds, matrixNames, providerChoices, targetModes } from '../../vocabulary/names.js'
import { hasLoneSurrogate } from '../text-rules.js'

const storable = z
  .string()
  .refine((text) => !text.includes('\0') && !hasLoneSurrogate(text), 'not storable text')
const text = (limit: number) =>
  storable.refine((one) => one.length <= limit, `over ${limit} characters`)
const digest = z.string().regex(/^[0-9a-f]{64}$/)
const count = z
  .number()
  .int()
  .min(0)
  .max(2 ** 31 - 1)
const bytes = z.base64()
const json = z.record(z.string(), z.unknown()).refine(isStorable, 'not storable')
const list = z.array(z.unknown()).refine(isStorable, 'not storable')
const number = z.number().nullable()
const model = z.object({ digest: z.string().max(200), name: text(200) })

/** JSON in which every text and key can be kept by PostgreSQL. */
function isStorable(value: unknown): boolean {
  const serialized = JSON.stringify(value)
  return !serialized.includes('\\u0000') && !hasLoneSurrogate(serialized)
}

export const runContent = z.object({
  model,
  name: text(200).nullable(),
  promptText: text(20_000).nullable(),
  targetText: text(20_000).nullable(),
  promptIds: z.array(count).min(1).max(20_000),
  targetIds: z.array(count).min(1).max(20_000),
  targetMode: z.enum(targetModes.values),
  lens: z.enum(lensKinds.values),
  topK: z.number().int().min(1).max(50),
  matrices: z.array(z.enum(matrixNames.values)).min(1),
  provider: z.enum(providerChoices.values),
  edits: z.array(z.object({ digest })),
  configDigest: digest,
  loss: z.number(),
  promptLength: count,
  summary: json,
  receipt: json,
})
export type RunContent = z.infer<typeof runContent>

/** Packed cells of a matrix in a layer, or what is read per layer. */
export const runRow = z.object({
  layer: count,
  matrix: z.enum(matrixNames.values).nullable(),
  kind: z.string().max(60).nullable(),
  cells: bytes,
})
export type RunRow = z.infer<typeof runRow>

export const editContent = z.object({
  model,
  name: text(200).nullable(),
  method: z.string().max(60),
  requests: list,
  probes: json,
  hyperparameters: json,
  seed: z.number().int(),
  onTopOf: z.array(digest),
  digest,
  skipReason: text(2_000).nullable(),
  warnings: z.array(text(2_000)),
  summary: json,
  record: json.refine(({ id, outcome }) => typeof id === 'string' && typeof outcome === 'object'),
  effect: z.looseObject({
    prompts: z.array(z.looseObject({})),
    generations: z.array(z.looseObject({})),
    lens: z.array(z.looseObject({})),
  }),
  readings: list,
  growth: list,
  receipt: json,
})
export type EditContent = z.infer<typeof editContent>

export const editRow = z.object({
  place: count,
  layer: count,
  matrix: z.enum(matrixNames.values),
  kind: z.enum(['low-rank', 'dense']),
  rank: count.nullable(),
  inputWidth: count,
  outputWidth: count,
  norm: z.number(),
  first: bytes,
  second: bytes.nullable(),
  bias: bytes.nullable(),
})
export type EditRow = z.infer<typeof editRow>

export const evaluationContent = z.object({
  name: text(200),
  note: text(5_000).nullable(),
  protocol: z.string().max(60),
  seed: z.number().int(),
  settings: json,
  cases: count,
  dataset: z.object({ digest: text(100), name: text(200) }),
  slice: z.object({
    name: text(200),
    definition: json,
    places: z.array(count).max(1_000_000),
    digest: z.string().max(100).nullable(),
    knownBy: model.nullable(),
    knownCounts: json.nullable(),
  }),
  arms: z
    .array(
      z.object({
        name: text(200),
        model,
        method: z.string().max(60),
        hyperparameters: json,
        defaults: text(2_000),
        computedWith: count,
        receipt: json.nullable(),
      }),
    )
    .min(1)
    .max(64),
})
export type EvaluationContent = z.infer<typeof evaluationContent>

export const evaluationRow = z.object({
  arm: count,
  place: count,
  kind: z.enum(['ROW', 'FAILURE']),
  caseId: text(500),
  relation: text(500),
  metrics: z.array(number),
  before: z.array(number),
  prompts: list,
  record: json,
  editMilliseconds: number,
  measureMilliseconds: number,
  peakBytes: number,
})
export type EvaluationRow = z.infer<typeof evaluationRow>
