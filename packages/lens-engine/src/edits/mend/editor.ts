// An editor: its layout, the values of its parameters and its statistics; made at random, or used to compute a change.
import type { Feed, Fetch } from '../../runtime/ort.js'
import { createRandom } from '../../tensor/seeded-random.js'
import { lowRankDelta, type MatrixDelta } from '../matrix-delta.js'
import type { EditLab } from '../shared/edit-lab.js'
import { float32 } from '../../runtime/feeds.js'
import { buildEditorGraph, parameterInput } from './editor-graph.js'
import {
  parameterSize,
  type EditedMatrix,
  type EditorLayout,
  type EditorParameter,
} from './editor-layout.js'
import {
  joinedRows,
  tokenFeeds,
  type GradientTokens,
  type TokensOfMatrices,
} from './gradient-tokens.js'
import { RunningStatistics, type Normalisation } from './running-statistics.js'

export type ParameterValues = ReadonlyMap<string, Float32Array>

export interface Editor {
  readonly layout: EditorLayout
  /** By name, in the order of the layout. */
  readonly parameters: ParameterValues
  /** By key of the network. */
  readonly statistics: ReadonlyMap<string, RunningStatistics>
}

/** `learned` are those of training; `training-mode` begins anew at each edit, as the published evaluation does. */
export type StatisticsChoice = 'learned' | 'training-mode'

/** Every matrix's rate before training (published: 1e-4). */
export const FIRST_RATE = 1e-4

/** An editor before training: every network is the identity. */
export function createEditor(layout: EditorLayout, seed: number): Editor {
  const random = createRandom(seed).split('mend-editor')
  const parameters = new Map(
    layout.parameters.map((parameter): [string, Float32Array] => [
      parameter.name,
      parameter.start === 'normal'
        ? random.split(parameter.name).normals(parameterSize(parameter))
        : new Float32Array(parameterSize(parameter)).fill(constantStarts[parameter.start]),
    ]),
  )
  const statistics = new Map(
    layout.networks.map(({ key, width }) => [key, new RunningStatistics(width)] as const),
  )
  return { layout, parameters, statistics }
}

const constantStarts = { zero: 0, one: 1, rate: FIRST_RATE } as const

/** Takes tokens into the statistics, matrix by matrix. */
export function observeTokens({ layout, statistics }: Editor, tokens: TokensOfMatrices): void {
  for (const matrix of layout.matrices) observe(statistics, matrix, tokens)
}

function observe(
  statistics: Editor['statistics'],
  { key, network }: EditedMatrix,
  tokens: TokensOfMatrices,
): void {
  const running = statistics.get(network) as RunningStatistics
  for (const row of joinedRows(tokens.get(key) as GradientTokens)) running.add(row)
}

/** What each matrix is normalised with. */
export function normalisations(
  { layout, statistics }: Editor,
  tokens: TokensOfMatrices,
  choice: StatisticsChoice,
): ReadonlyMap<string, Normalisation> {
  const fresh = new Map(
    layout.networks.map(({ key, width }) => [key, new RunningStatistics(width)] as const),
  )
  return new Map(
    layout.matrices.map((matrix): [string, Normalisation] => {
      // As the published code goes: a matrix is normalised before the next one of its shape is seen.
      if (choice === 'training-mode') observe(fresh, matrix, tokens)
      const used = choice === 'training-mode' ? fresh : statistics
      return [matrix.key, (used.get(matrix.network) as RunningStatistics).normalisation()]
    }),
  )
}

/** Feeds of `addEditor`. @throws NOT_FINITE for a gradient with NaN or infinity */
export function editorFeeds(
  editor: Editor,
  tokens: TokensOfMatrices,
  choice: StatisticsChoice = 'learned',
): Record<string, Feed> {
  const feeds: Record<string, Feed> = {}
  for (const parameter of editor.layout.parameters) {
    feeds[parameterInput(parameter.name)] = parameterFeed(editor, parameter)
  }
  const scales = normalisations(editor, tokens, choice)
  for (const matrix of editor.layout.matrices) {
    const scale = scales.get(matrix.key) as Normalisation
    Object.assign(feeds, tokenFeeds(matrix, tokens.get(matrix.key) as GradientTokens, scale))
  }
  return feeds
}

const parameterFeed = ({ parameters }: Editor, { name, shape }: EditorParameter): Feed =>
  float32(parameters.get(name) as Float32Array, shape)

/**
 * The change the editor makes of a gradient: for each matrix with tokens U = u~^T [in, tokens] and V = rate delta~
 * [tokens, out] (MEND, eq. 3; the published code adds the change, and the sign is learned).
 * @throws NOT_FINITE
 */
export async function computeChange(
  lab: EditLab,
  editor: Editor,
  tokens: TokensOfMatrices,
  choice: StatisticsChoice,
): Promise<readonly MatrixDelta[]> {
  const { layout } = editor
  const key = `mend-editor ${layout.rank} ${layout.matrices.map((one) => one.key).join()}`
  const { session } = await lab.model.session(key, () => buildEditorGraph(layout))
  const fetches = await session.run(editorFeeds(editor, tokens, choice))
  return layout.matrices.flatMap(({ key: name, address, inputWidth }): readonly MatrixDelta[] => {
    const rank = (tokens.get(name) as GradientTokens).inputs.length
    if (rank === 0) return []
    const values = (part: string) => (fetches[`${name}.${part}`] as Fetch).data as Float32Array
    return [
      lowRankDelta({
        address,
        rank,
        u: transposed(values('input'), rank, inputWidth),
        v: values('vjp').slice(),
      }),
    ]
  })
}

function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(values.length)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      result[column * rows + row] = values[row * columns + column] as number
    }
  }
  return result
}
