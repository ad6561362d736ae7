// What a share link may ask for: each operation -> the things that its page must show. What is not here is closed to links.
import type { Viewer } from '../features/account/viewer.js'
import { pageSubject } from '../features/anchor/page-subject.js'
import { isShared, listOf, thing } from './shared-things.js'
import type { SharedKind, SharedThings } from './shared-things.js'

export type Values = Readonly<Record<string, unknown>>
type Needs = (values: Values) => readonly string[]

const nothing: Needs = () => []
const list =
  (kind: SharedKind): Needs =>
  () => [listOf(kind)]
const one =
  (kind: SharedKind, name = 'id'): Needs =>
  (values) => [thing(kind, values[name])]

const inside = (values: Values, name: string): Values =>
  (values[name] ?? {}) as Values & Readonly<Record<string, unknown>>

const evaluations = (ids: unknown): readonly string[] =>
  Array.isArray(ids) && ids.length > 0
    ? ids.map((id) => thing('EVALUATION', id))
    : [listOf('EVALUATION')]

const compared: Needs = (values) => evaluations(inside(values, 'input')['evaluationIds'])
const place = ({ modelId, layer }: Values): string => `${String(modelId)}/${String(layer)}`

/** A neuron by itself, or one of the layer that is shown. */
const neuron: Needs = (values) => [thing('NEURON', `${place(values)}/${String(values['index'])}`)]

/** The thing that comments are about, or that they are about a part of. */
const about: Needs = (values) => {
  const { kind, id, runId, evaluationId, page, ...rest } = inside(values, 'anchor')
  if (kind === 'CELL') return [thing('RUN', runId)]
  if (kind === 'CASE') return [thing('EVALUATION', evaluationId)]
  if (kind === 'NEURON') return neuron(rest)
  if (kind !== 'CHART') return [thing(kind as SharedKind, id)]
  const subject = typeof page === 'string' ? pageSubject(page) : null
  return subject === null ? ['CHART:'] : [thing(subject.kind, subject.id)]
}

/** `?evaluations=…` names others that the file compares with. */
const evaluationFile: Needs = ({ id, evaluations: others }) =>
  [id, ...(typeof others === 'string' ? others.split(',').filter(Boolean) : [])].map((each) =>
    thing('EVALUATION', each),
  )

export const sharedOperations: Readonly<Record<string, Needs>> = {
  'Query.me': nothing,
  'Query.invitation': nothing,
  'Query.server': nothing,
  'Query.people': nothing,
  'Query.protocols': nothing,
  'Query.publishedTables': nothing,
  'Query.figureKinds': nothing,
  'Mutation.signUp': nothing,
  'Mutation.signIn': nothing,
  'Mutation.signOut': nothing,
  'Mutation.setUpOwner': nothing,

  'Query.lensRun': one('RUN'),
  'Query.awaitLensRun': one('RUN'),
  'Query.lensRuns': list('RUN'),
  'Subscription.lensRunProgress': one('RUN', 'runId'),
  'GET /api/runs/:id.json': one('RUN'),
  'GET /api/runs/:id/vectors.safetensors': one('RUN'),

  'Query.edit': one('EDIT'),
  'Query.edits': list('EDIT'),
  'Query.editStack': list('EDIT'),
  'Query.interferenceMap': list('EDIT'),
  'GET /api/edits/:id.json': one('EDIT'),
  'GET /api/edits/:id/edit.safetensors': one('EDIT'),

  'Query.evaluation': one('EVALUATION'),
  'Query.awaitEvaluation': one('EVALUATION'),
  'Query.evaluations': list('EVALUATION'),
  'Query.comparison': compared,
  'Query.comparisonCases': compared,
  'Query.caseDistributions': compared,
  'Query.caseDensity': compared,
  'Query.caseDetail': ({ evaluationIds }) => evaluations(evaluationIds),
  'Query.compareMethods': one('EVALUATION', 'evaluationId'),
  'Subscription.evaluationProgress': one('EVALUATION', 'evaluationId'),
  'GET /api/evaluations/:id/evaluation.json': one('EVALUATION'),
  'GET /api/evaluations/:id/:file': evaluationFile,

  'Query.figureSet': one('FIGURE_SET'),
  'Query.figureSets': list('FIGURE_SET'),
  'Subscription.figureSetProgress': one('FIGURE_SET', 'figureSetId'),

  'Query.dataset': one('DATASET'),
  'Query.datasets': list('DATASET'),
  'Query.datasetCases': one('DATASET', 'datasetId'),
  'Query.slices': one('DATASET', 'datasetId'),
  'GET /api/datasets/:id/cases.jsonl': one('DATASET'),

  'Query.review': one('REVIEW'),
  'Query.reviews': list('REVIEW'),
  'Subscription.reviewChanged': one('REVIEW'),

  'Query.annotation': one('ANNOTATION'),
  'Query.annotations': list('ANNOTATION'),
  'Query.annotationTags': list('ANNOTATION'),
  'Query.annotationAgreement': ({ collectionId }) =>
    typeof collectionId === 'string' ? [thing('COLLECTION', collectionId)] : [listOf('ANNOTATION')],
  'GET /api/annotations.json': list('ANNOTATION'),

  'Query.collection': one('COLLECTION'),
  'Query.collections': list('COLLECTION'),
  'GET /api/collections/:id.json': one('COLLECTION'),

  'Query.prompt': one('PROMPT'),
  'Query.prompts': list('PROMPT'),
  'Query.promptTags': list('PROMPT'),

  'Query.model': one('MODEL'),
  'Query.models': list('MODEL'),
  'Query.neuron': neuron,
  'Query.neurons': (values) => [thing('LAYER', place(values))],
  'Query.neuronSurvey': (values) => [thing('LAYER', place(values))],

  'Query.activity': list('ACTIVITY'),
  'Subscription.activityAdded': list('ACTIVITY'),

  'Query.comments': about,
  'Query.commentThreads': about,
  'Query.commentMarkers': about,
  'Subscription.commentsChanged': about,
}

/** What else a link may follow from one row to another, by what its page must show as well; all others are closed. */
export const sharedEdges: Readonly<Record<string, string | null>> = {
  'Annotation.review': null,
  'Collection.items': null,
  'CollectionItem.annotations': null,
  'CollectionItem.mine': null,
  'Comment.replies': null,
  'CommentChange.comment': null,
  'Edit.model': null,
  'Edit.review': null,
  'Edit.task': null,
  'EditStack.edits': null,
  'Evaluation.dataset': null,
  'Evaluation.review': null,
  'Evaluation.slice': null,
  'EvaluationArm.model': null,
  'FigureSet.model': null,
  'FigureSet.slice': null,
  'InterferenceMap.edits': null,
  'LensRun.edits': null,
  'LensRun.model': null,
  'LensRun.prompt': null,
  'Me.project': null,
  'Me.projects': null,
  'Me.share': null,
  'Neuron.survey': null,
  'Prompt.model': null,
  'Review.annotation': null,
  'Review.edit': null,
  'Review.evaluation': null,
  'Slice.dataset': null,
  'Slice.knownBy': null,
  'Prompt.lastRun': listOf('RUN'),
  'NeuronMoment.run': listOf('RUN'),
  'NeuronEdit.edit': listOf('EDIT'),
}

/** What a link is narrowed to; null for everyone else, and for links into a public project. */
export function narrowedTo(viewer: Viewer): SharedThings | null {
  if (viewer.via !== 'share-link') return null
  return viewer.shared === undefined ? new Set() : viewer.shared
}

/** Whether a viewer who came by a link may ask an operation with these values; everyone else may. */
export function isWithinLink(viewer: Viewer, operation: string, values: Values): boolean {
  const shared = narrowedTo(viewer)
  if (shared === null) return true
  if (!Object.hasOwn(sharedOperations, operation)) return false
  const wanted = sharedOperations[operation]?.(values) ?? []
  return wanted.every((each) => isShared(shared, each) || isOfSharedLayer(shared, each))
}

/** Whether the viewer may follow `Type.field` to another row. */
export function isEdgeOpen(viewer: Viewer, edge: string): boolean {
  const shared = narrowedTo(viewer)
  if (shared === null) return true
  if (!Object.hasOwn(sharedEdges, edge)) return false
  const needed = sharedEdges[edge] ?? null
  return needed === null || shared.has(needed)
}

/** A neuron of the layer that a page lists; the survey of the layer that a neuron's page names. */
function isOfSharedLayer(shared: SharedThings, wanted: string): boolean {
  const layer = /^NEURON:(.+)\/\d+$/.exec(wanted)?.[1]
  if (layer !== undefined) return shared.has(`LAYER:${layer}`)
  return false
}
