// Neurons as pages read them: a page of a layer, and one neuron with all that is known of it.
import type { ModelLibrary } from '../../engine/model-library.js'
import { badCursor } from '../../errors/input-error.js'
import { decodeCursor, encodeCursor, pageSize } from '../../pagination/connection.js'
import type { Connection } from '../../pagination/connection.js'
import { isUuid } from '../../pagination/time-cursor.js'
import { neuronVectors } from '../../vocabulary/neuron-names.js'
import type { Viewer } from '../account/viewer.js'
import type { ModelRow } from '../model/model.repository.js'
import type { ModelService } from '../model/model.service.js'
import { checkText } from '../text-rules.js'
import { readMoments, readNear, readWords } from './neuron-parts.js'
import type { PartSlices } from './neuron-parts.js'
import type { NeuronSurveyRepository, SurveyHead } from './neuron-survey.repository.js'
import type { NeuronSurveyService } from './neuron-survey.service.js'
import type { NeuronsArguments } from './neuron.input.js'
import type {
  LayerScope,
  NeuronNotes,
  NeuronQuery,
  NeuronRepository,
  NeuronValues,
} from './neuron.repository.js'
import type {
  NearNeuron,
  Neuron,
  NeuronEdit,
  NeuronMoment,
  NeuronRow,
  Word,
} from './neuron.type.js'

export interface NeuronServiceParts {
  readonly neurons: NeuronRepository
  readonly surveys: NeuronSurveyRepository
  readonly surveyService: NeuronSurveyService
  readonly models: ModelService
  readonly library: ModelLibrary
}

const longestSearch = 200
const mostEdits = 50
const unannotated: NeuronNotes = { count: 0, label: null }

export class NeuronService {
  readonly #parts: NeuronServiceParts

  constructor(parts: NeuronServiceParts) {
    this.#parts = parts
  }

  /** Empty until the layer was surveyed. */
  async list(viewer: Viewer, asked: NeuronsArguments): Promise<Connection<NeuronRow>> {
    const { neurons, surveys } = this.#parts
    const query = toQuery(asked)
    const { modelId, layer } = asked
    const { projectId } = viewer
    const survey = isUuid(modelId) ? await surveys.find(projectId, modelId, layer) : null
    if (survey === null) return emptyConnection
    const scope = { projectId, modelId, layer, surveyId: survey.id }
    const { rows, totalCount } = await neurons.page(scope, query)
    const notes = await neurons.notes(
      scope,
      rows.map(({ index }) => index),
    )
    const edges = rows.slice(0, query.first).map((row) => ({
      cursor: encodeCursor([row.sortValue, row.index]),
      node: toRow(scope, row, notes.get(row.index)),
    }))
    return {
      edges,
      totalCount,
      pageInfo: {
        hasNextPage: rows.length > query.first,
        hasPreviousPage: query.after !== null,
        startCursor: edges[0]?.cursor ?? null,
        endCursor: edges.at(-1)?.cursor ?? null,
      },
    }
  }

  /** One neuron, also of a layer that nobody surveyed; null when there is no such neuron. */
  async get(viewer: Viewer, modelId: string, layer: number, index: number): Promise<Neuron | null> {
    const { neurons, surveys, models, library } = this.#parts
    const model = await models.find(viewer, modelId)
    if (model === null || !isPlace(model, library, layer, index)) return null
    const { projectId } = viewer
    const survey = await surveys.find(projectId, model.id, layer)
    const place = { projectId, modelId: model.id, layer }
    const [row, slices, notes] = await Promise.all([
      survey === null ? null : neurons.one(survey.id, index),
      survey === null ? emptySlices : neurons.slices(survey.id, index),
      neurons.notes(place, [index]),
    ])
    const shown = row ?? unsurveyed(index)
    return {
      ...toRow(place, shown, notes.get(index)),
      ...(row === null ? { keyWord: null, valueWord: null, keyNorm: null, valueNorm: null } : {}),
      ...this.#wordsOf(model, slices),
      surveyId: survey?.id ?? null,
      directory: model.directory,
    }
  }

  #wordsOf({ directory, matrices }: ModelRow, slices: PartSlices) {
    const gated = matrices.includes('MLP_GATE')
    const words = (end: string): Word[] =>
      readWords(slices, end).map((word) => ({
        ...word,
        text: this.#parts.library.tokenText(directory, word.id),
      }))
    return {
      gated,
      ...{ key: words('key.top'), keyBottom: words('key.bottom') },
      ...{
        gateKey: gated ? words('gate.top') : null,
        gateKeyBottom: gated ? words('gate.bottom') : null,
      },
      ...{ value: words('value.top'), valueBottom: words('value.bottom') },
    }
  }

  /** Neurons of all layers whose key or value points the same way, the nearest of each first. */
  async nearest(
    viewer: Viewer,
    { modelId, surveyId, index, directory }: Neuron,
  ): Promise<NearNeuron[]> {
    const innerWidth = this.#parts.library.innerWidth(directory)
    if (surveyId === null || innerWidth === null) return []
    const slices = await this.#parts.neurons.slices(surveyId, index)
    const near = neuronVectors.keys.flatMap((by) =>
      readNear(slices, neuronVectors.toEngine(by), innerWidth).map((one) => ({ ...one, by })),
    )
    const labels = new Map<string, string | null>()
    for (const layer of new Set(near.map((one) => one.layer))) {
      const indexes = near.filter((one) => one.layer === layer).map((one) => one.index)
      const place = { projectId: viewer.projectId, modelId, layer }
      for (const [at, { label }] of await this.#parts.neurons.notes(place, indexes))
        labels.set(`${layer}/${at}`, label)
    }
    return near.map((one) => ({ ...one, label: labels.get(`${one.layer}/${one.index}`) ?? null }))
  }

  /** The ten positions of the surveyed runs where it was strongest, by activation or by coefficient. */
  async moments(
    viewer: Viewer,
    { surveyId, index, directory }: Neuron,
    byCoefficient: boolean,
  ): Promise<NeuronMoment[]> {
    const { neurons, surveys, library } = this.#parts
    const survey: SurveyHead | null =
      surveyId === null ? null : await surveys.byId(viewer.projectId, surveyId)
    if (survey === null) return []
    const slices = await neurons.slices(survey.id, index)
    return readMoments(slices, byCoefficient ? 'coefficient' : 'activation').map(
      ({ run, token, ...same }) => ({
        ...same,
        token: library.tokenText(directory, token),
        runId: survey.resultRunIds[run] as string,
      }),
    )
  }

  async edits(viewer: Viewer, { modelId, layer, index }: Neuron): Promise<NeuronEdit[]> {
    const place = { projectId: viewer.projectId, modelId, layer }
    const edits = await this.#parts.neurons.edits(place, index, mostEdits)
    return edits.map(({ editId, matrix, norm, total }) => ({
      ...{ editId, matrix, norm },
      share: total === 0 ? 0 : Math.min(1, norm / total),
    }))
  }
}

const emptySlices: PartSlices = new Map()

const emptyConnection: Connection<NeuronRow> = {
  edges: [],
  totalCount: 0,
  pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
}

function toQuery(asked: NeuronsArguments): NeuronQuery {
  const order = asked.order ?? 'INDEX'
  const direction = asked.direction ?? (order === 'INDEX' ? 'ASCENDING' : 'DESCENDING')
  const search = checkText(asked.search?.trim(), 'search', longestSearch)
  return {
    order,
    descending: direction === 'DESCENDING',
    search: search === '' ? null : search,
    annotated: asked.annotated ?? null,
    first: pageSize(asked.first),
    after: toPosition(asked.after),
  }
}

function toPosition(cursor: string | null | undefined): NeuronQuery['after'] {
  if (cursor === null || cursor === undefined) return null
  const [value, index] = decodeCursor(cursor, 2) ?? []
  if (typeof value !== 'number' || typeof index !== 'number' || !Number.isInteger(index))
    throw badCursor(cursor)
  return { value, index }
}

const isPlace = (model: ModelRow, library: ModelLibrary, layer: number, index: number): boolean =>
  layer >= 0 &&
  layer < model.layers &&
  index >= 0 &&
  index < (library.innerWidth(model.directory) ?? 0)

const unsurveyed = (index: number): NeuronValues => ({
  ...{ index, keyWord: '', valueWord: '', keyNorm: 0, valueNorm: 0, editNorm: 0, sortValue: 0 },
  ...{ maxActivation: null, meanActivation: null, maxCoefficient: null },
  ...{ histogram: [], histogramStart: null, binWidth: null },
})

function toRow(
  { modelId, layer }: Pick<LayerScope, 'modelId' | 'layer'>,
  row: NeuronValues,
  notes: NeuronNotes = unannotated,
): NeuronRow {
  const { histogram, histogramStart, binWidth } = row
  const { index, keyWord, valueWord, keyNorm, valueNorm, editNorm } = row
  const { maxActivation, meanActivation, maxCoefficient } = row
  return {
    ...{ index, keyWord, valueWord, keyNorm, valueNorm, editNorm },
    ...{ maxActivation, meanActivation, maxCoefficient },
    ...{ modelId, layer, spark: histogram, sparkStart: histogramStart, sparkWidth: binWidth },
    annotationCount: notes.count,
    label: notes.label,
  }
}
