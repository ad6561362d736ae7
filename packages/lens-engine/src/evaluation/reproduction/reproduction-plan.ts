// A paper and a model -> the evaluation that repeats the paper's table: its protocol, cases and arms, each arm with the row
// it stands for, and what is not the same.
import type { ArmRequest } from '../evaluation-arms.js'
import type { GenerationSettings } from '../evaluation-record.js'
import type { PublishedTable } from '../metrics/published-table.js'
import type { ProtocolName } from '../metrics/protocols.js'
import { readModelParts, type ModelFiles } from '../../runtime/describe-model.js'
import { layerOf, paperTables, type PaperName, type PaperTable } from './paper-rows.js'

export { paperNames, type PaperName } from './paper-rows.js'

/** An arm and the published row it repeats. */
export interface ReproducedArm extends ArmRequest {
  readonly name: string
  /** `method` of the rows of the published table. */
  readonly published: string
  /** How its settings relate to the published ones. */
  readonly note: string
}

export interface ReproductionPlan {
  readonly paper: PaperName
  readonly title: string
  readonly protocol: ProtocolName
  /** Cases of the published table, from the first record of its data set. */
  readonly cases: number
  readonly generation: GenerationSettings
  readonly arms: readonly ReproducedArm[]
  readonly published: readonly PublishedTable[]
  /** Whose rows of the published table stand beside: this model's, or those of the paper's main model. */
  readonly publishedModel: string
  /** Whether the table has rows of a model of this shape. */
  readonly sameModel: boolean
  readonly notes: readonly string[]
}

/** Texts as in the papers: 100 tokens with the prompt, each drawn from the five most probable. */
const generation: GenerationSettings = { length: 100, topK: 5 }

/**
 * The plan for a model. For a model of the table the arms have the paper's settings; for others the defaults of that model,
 * at the row's relative depth where the row is named after a layer.
 * @throws as `readModelParts`
 */
export function reproductionPlan(paper: PaperName, files: ModelFiles): ReproductionPlan {
  const { shape } = readModelParts(files)
  const table = paperTables[paper]
  const known = table.models.find(
    ({ family, layers, width }) =>
      family === shape.family && layers === shape.layers && width === shape.width,
  )
  const publishedModel = (known ?? table.models[0]).name
  return {
    paper,
    title: table.title,
    protocol: table.published.protocol,
    cases: known?.cases ?? table.models[0].cases,
    generation,
    arms: armsOf(table, publishedModel, known !== undefined, shape.layers),
    published: [table.published],
    publishedModel,
    sameModel: known !== undefined,
    notes: [
      ...(known === undefined ? [otherModel(files.name, publishedModel)] : []),
      ...table.notes,
      table.published.note,
    ],
  }
}

function armsOf(
  { rows, published, depth }: PaperTable,
  model: string,
  same: boolean,
  layers: number,
): readonly ReproducedArm[] {
  const named = published.rows.filter((row) => row.model === model).map(({ method }) => method)
  return rows
    .filter((row) => named.includes(row.published))
    .map((row): ReproducedArm => {
      const layer = layerOf(row, { depth, layers, same })
      const own = same ? (row.hyperparameters ?? {}) : {}
      const hyperparameters = { ...own, ...(layer === null ? {} : { layer }) }
      return {
        name: layer === null ? row.method : `${row.method}-mlp-${layer}`,
        method: row.method,
        published: row.published,
        ...(Object.keys(hyperparameters).length === 0 ? {} : { hyperparameters }),
        note: same ? row.note : defaultsNote(layer),
      }
    })
}

const defaultsNote = (layer: number | null): string =>
  layer === null
    ? "this model's own defaults"
    : `this model's own defaults, at layer ${layer}: the row's layer at the same relative depth`

const otherModel = (name: string, published: string): string =>
  `${name} is not a model of the published table: the rows beside it are those of ${published}, and no agreement is to be expected. Every arm has this model's own defaults.`
