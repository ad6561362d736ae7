// Places that comments hang on, as the page names them, and how to tell that two are the same.
import type {
  AnchorInput,
  FactorName,
  MatrixName,
  TalkAnchorFragment,
} from '../../graphql/generated/graphql'

export const runAnchor = (id: string): AnchorInput => ({ kind: 'RUN', id })
export const editAnchor = (id: string): AnchorInput => ({ kind: 'EDIT', id })
export const evaluationAnchor = (id: string): AnchorInput => ({ kind: 'EVALUATION', id })
export const reviewAnchor = (id: string): AnchorInput => ({ kind: 'REVIEW', id })

export const caseAnchor = (evaluationId: string, caseIndex: number): AnchorInput => ({
  kind: 'CASE',
  evaluationId,
  caseIndex,
})

export const cellAnchor = (
  runId: string,
  layer: number,
  position: number,
  matrix: MatrixName,
  factor: FactorName,
): AnchorInput => ({ kind: 'CELL', runId, layer, position, matrix, factor })

/** left, bottom, right, top in the units of the axes. */
export type Region = readonly [number, number, number, number]

export const chartAnchor = (page: string, chart: string, region?: Region): AnchorInput => ({
  kind: 'CHART',
  page,
  chart,
  ...(region && { region: [...region] }),
})

const PARTS = [
  'id',
  'runId',
  'layer',
  'position',
  'matrix',
  'factor',
  'modelId',
  'index',
  'evaluationId',
  'caseIndex',
  'page',
  'chart',
] as const satisfies readonly (keyof AnchorInput)[]

type Place = AnchorInput | TalkAnchorFragment

/** One text for one place on this page; the region of a chart belongs to its comments, not to the place. */
export function placeName(place: Place): string {
  const parts = PARTS.map((part) => place[part]).filter(
    (value) => value !== null && value !== undefined,
  )
  return [place.kind, ...parts].join('/')
}

/** An anchor that was read, as one that can be asked with. */
export function askedAnchor(anchor: TalkAnchorFragment): AnchorInput {
  const given = PARTS.flatMap((part) => {
    const value = anchor[part]
    return value === null || value === undefined ? [] : [[part, value] as const]
  })
  return {
    kind: anchor.kind,
    ...Object.fromEntries(given),
    ...(anchor.region && { region: [...anchor.region] }),
  }
}

const PARTS_IN_WORDS: Readonly<Record<AnchorInput['kind'], string>> = {
  RUN: 'run',
  CELL: 'cell',
  NEURON: 'neuron',
  EDIT: 'edit',
  EVALUATION: 'evaluation',
  CASE: 'case',
  CHART: 'chart',
  ANNOTATION: 'annotation',
  REVIEW: 'review',
  PROMPT: 'prompt',
  DATASET: 'data set',
  FIGURE_SET: 'figures',
  COLLECTION: 'collection',
}

export const kindInWords = (kind: AnchorInput['kind']): string => PARTS_IN_WORDS[kind]
