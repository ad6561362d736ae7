// What the page of a link shows, and that every operation and every way from row to row was decided on.
import { describe, expect, it } from 'vitest'
import type { Viewer } from '../features/account/viewer.js'
import { nobody } from '../features/account/viewer.js'
import { buildImprintSchema } from '../schema.js'
import { edgesOf, rowTypes } from './narrow-links.js'
import { operations } from './operations.js'
import { isWithinLink, sharedEdges, sharedOperations } from './shared-operations.js'
import { thingsOf } from './shared-things.js'

const [one, two] = ['0190aaaa-0000-7000-8000-00000000000a', '0190aaaa-0000-7000-8000-00000000000b']
const schema = buildImprintSchema()

/** Decided: no link reads these, whatever its page. */
const closed = [
  ...['Query.team', 'Query.search', 'Query.workers', 'Query.searchProjections', 'Query.tokenize'],
  ...['Query.facts', 'Query.editFacts', 'Query.editMethods', 'Query.editTask', 'Query.slice'],
  ...['Query.suggestTags', 'Query.evaluationPresets', 'Query.estimateEvaluation'],
  ...['Query.datasetImport', 'Query.datasetImports', 'Query.modelImport', 'Query.modelImports'],
  ...['Subscription.datasetImportProgress', 'Subscription.editTaskProgress'],
  ...['Subscription.modelImportProgress', 'Subscription.neuronSurveyProgress'],
  ...['Subscription.sliceProgress', 'Subscription.interferenceProgress'],
]
const closedEdges = [
  ...['ApiKey.project', 'DatasetImport.dataset', 'InboxState.newest', 'ModelImport.model'],
  ...['Project.team', 'Team.invitations', 'Team.members', 'Team.projects', 'TokenHit.edit'],
  'Me.waysToSignIn',
  'TokenHit.run',
]

describe('the page of a link', () => {
  it.each([
    ['/runs?state=done', ['RUN:*']],
    ['/lens', ['RUN:*']],
    [`/lens?run=${one}&cell=1.2`, [`RUN:${one}`]],
    ['/lens?run=everything', []],
    [`/edits/${one.toUpperCase()}#effect`, [`EDIT:${one}`]],
    [`/edits/compare?a=${one}&b=${two}`, [`EDIT:${one}`, `EDIT:${two}`]],
    ['/edits/compare', []],
    ['/edits/new', []],
    [`/evaluations/compare?ids=${one},${two},x`, [`EVALUATION:${one}`, `EVALUATION:${two}`]],
    [`/models/${one}/neurons/3`, [`LAYER:${one}/3`]],
    [`/models/${one}/neurons/3/17?tab=words`, [`NEURON:${one}/3/17`]],
    [`/collections/${one}/annotate`, [`COLLECTION:${one}`]],
    ['/settings', []],
    ['/team', []],
    ['/constructor', []],
    [`/%72uns/${one}`, [`RUN:${one}`]],
    ['/%ff', []],
  ])('%s shows %j', (path, things) => {
    expect([...thingsOf(path)]).toEqual(things)
  })
})

describe('the table of links', () => {
  const readable = Object.keys(operations).filter((name) => operations[name] === 'read')

  it.each(readable)('%s was decided on', (name) => {
    expect([Object.hasOwn(sharedOperations, name), closed.includes(name)].filter(Boolean)).toEqual([
      true,
    ])
  })

  it('has only operations that exist', () => {
    const names = [...Object.keys(sharedOperations), ...closed]
    expect(names.filter((name) => operations[name] === undefined)).toEqual([])
  })

  it('has every way from one row to another', () => {
    const ways = edgesOf(schema).map(([edge]) => edge)
    expect([...Object.keys(sharedEdges), ...closedEdges].sort()).toEqual([...ways].sort())
  })

  it('knows every type with an id that is a row', () => {
    const noRows = [
      'Anchor',
      'CommentChange',
      'ComparedArm',
      'EditToken',
      'EvaluationArm',
      'Person',
    ]
    const parts = ['PublishedTable', 'ReviewEvent', 'ScoredToken', 'Token', 'TokenSpan', 'Word']
    const withId = Object.values(schema.getTypeMap()).flatMap((type) =>
      'getFields' in type && !('isTypeOf' in type === false) && 'id' in type.getFields()
        ? [type.name]
        : [],
    )
    const known = [...rowTypes, ...noRows, ...parts, 'Worker']
    expect(withId.filter((name) => !known.includes(name))).toEqual([])
  })
})

describe('a viewer by a link', () => {
  const link: Viewer = {
    ...{ userId: nobody, userName: 'Visitor', projectId: nobody, projectName: 'P', teamId: nobody },
    ...{ role: 'viewer', via: 'share-link', isMember: false, scopes: ['read'], credentialId: one },
  }
  it('whose things are not known reads nothing, into a public project everything', () => {
    expect(isWithinLink(link, 'Query.lensRun', { id: one })).toBe(false)
    expect(isWithinLink({ ...link, shared: null }, 'Query.lensRun', { id: one })).toBe(true)
  })

  const shared = thingsOf(`/evaluations/${one}`)
  it.each([
    ['Query.evaluation', { id: one.toUpperCase() }, true],
    ['Query.evaluation', { id: two }, false],
    ['Query.comparison', { input: { evaluationIds: [one] } }, true],
    ['Query.comparison', { input: { evaluationIds: [one, two] } }, false],
    ['Query.comparison', { input: { evaluationIds: [] } }, false],
    ['Query.caseDetail', { evaluationIds: [two], place: 0 }, false],
    ['GET /api/evaluations/:id/:file', { id: one, evaluations: one }, true],
    ['GET /api/evaluations/:id/:file', { id: one, evaluations: `${one},${two}` }, false],
    ['Query.comments', { anchor: { kind: 'CASE', evaluationId: one, caseIndex: 1 } }, true],
    ['Query.comments', { anchor: { kind: 'CASE', evaluationId: two, id: one } }, false],
    ['Query.comments', { anchor: { kind: 'CHART', page: `/evaluations/${one}` } }, true],
    ['Query.comments', { anchor: { kind: 'CHART', page: '/evaluations/compare' } }, false],
    ['Query.comments', { anchor: { kind: 'RUN', id: one } }, false],
    ['Query.evaluations', {}, false],
    ['Query.nothingOfTheKind', {}, false],
  ])('to an evaluation asks %s with %j: %s', (operation, values, allowed) => {
    expect(isWithinLink({ ...link, shared }, operation, values)).toBe(allowed)
  })

  it('to a layer sees its neurons, to a neuron not the layer', () => {
    const neuron = { modelId: one, layer: 3, index: 17 }
    const ofLayer = { ...link, shared: thingsOf(`/models/${one}/neurons/3`) }
    const ofNeuron = { ...link, shared: thingsOf(`/models/${one}/neurons/3/17`) }
    expect(isWithinLink(ofLayer, 'Query.neuron', neuron)).toBe(true)
    expect(isWithinLink(ofNeuron, 'Query.neuron', neuron)).toBe(true)
    expect(isWithinLink(ofNeuron, 'Query.neuron', { ...neuron, index: 1 })).toBe(false)
    expect(isWithinLink(ofNeuron, 'Query.neurons', neuron)).toBe(false)
    expect(isWithinLink(ofLayer, 'Query.neurons', { ...neuron, layer: 30 })).toBe(false)
  })
})
