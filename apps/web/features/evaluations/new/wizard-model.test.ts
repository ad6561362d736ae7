import { describe, expect, it } from 'vitest'
import type { MethodFacts } from '../../edits/lab/method-choice'
import { EMPTY_WIZARD } from './wizard-view'
import {
  casesOf,
  chosenSlice,
  evaluationInput,
  resolveWizard,
  unfitReason,
  viewOfEvaluation,
  whatIsMissing,
  type Choices,
  type WizardModel,
  type WizardSlice,
} from './wizard-model'

const model = (id: string, change: Partial<WizardModel> = {}) =>
  ({
    id,
    name: id,
    layers: 8,
    available: true,
    hasTokenizer: true,
    bundled: false,
    ...change,
  }) as WizardModel
const features = {
  paraphrases: 5,
  neighbors: 0,
  generationPrompts: 5,
  trueAnswers: 5,
  newTargets: 5,
  portability: 0,
}
const dataset = {
  id: 'd',
  name: 'facts',
  version: 1,
  cases: 60,
  protocols: ['counterfact', 'zsre'],
  features,
  bundled: true,
}
const slice = (id: string, change: Partial<WizardSlice> = {}) =>
  ({ id, state: 'DONE', cases: 60, createdAt: `2026-01-0${id}`, dataset, ...change }) as WizardSlice
const method = (name: string, needs: readonly string[] = []) =>
  ({
    name,
    needs,
    hyperparameters: [
      {
        name: 'layer',
        title: 'Layer',
        kind: 'LAYER',
        default: 5,
        min: null,
        max: null,
        optional: false,
        choices: [],
      },
    ],
  }) as unknown as MethodFacts
const choices: Choices = {
  models: [model('a'), model('b', { bundled: true })],
  protocols: ['backward-lens', 'counterfact', 'zsre'].map((name) => ({
    name,
    title: name,
    description: '',
  })),
  slices: [slice('2'), slice('1'), slice('3', { cases: 0 })],
  methods: [method('rome'), method('mend', ['MEND_CHECKPOINT'])],
}
const resolve = (change: Partial<typeof EMPTY_WIZARD> = {}, more: Partial<Choices> = {}) =>
  resolveWizard({ ...EMPTY_WIZARD, ...change }, { ...choices, ...more })
const missing = (change: Partial<typeof EMPTY_WIZARD> = {}, more: Partial<Choices> = {}) =>
  whatIsMissing(resolve(change, more), { ...choices, ...more }).map(({ section }) => section)

describe('the wizard without a word from anybody', () => {
  it('can be started at once', () => {
    const resolved = resolve()
    expect(resolved.models.map(({ id }) => id)).toEqual(['b'])
    expect(resolved.arms.map(({ name }) => name)).toEqual(['rome', 'mend'])
    expect(resolved.slice?.id).toBe('1')
    expect(resolved.protocol).toBe('counterfact')
    expect(whatIsMissing(resolved, choices)).toEqual([])
    expect(evaluationInput(resolved, 'r')).toMatchObject({
      sliceId: '1',
      protocol: 'counterfact',
      cases: 60,
      seed: 0,
      divergence: true,
      generation: false,
      clientMutationId: 'r',
    })
  })

  it('leaves out what needs an editor where the model has none', () => {
    expect(resolve({ models: ['a'] }).arms.map(({ method: name }) => name)).toEqual(['rome'])
  })
})

describe('what is missing', () => {
  it('is said where it is', () => {
    expect(missing({ models: [] })).toEqual(['models'])
    expect(missing({ groups: [] })).toEqual(['methods'])
    expect(missing({ sliceId: 'gone' })).toEqual(['slice'])
    expect(missing({ sliceId: '3' })).toEqual(['slice'])
    expect(missing({ protocol: 'backward-lens' })).toEqual(['protocol'])
    expect(missing({ cases: '0' })).toEqual(['settings'])
    expect(missing({ seed: '' })).toEqual(['settings'])
    expect(missing({ threads: 'x' })).toEqual(['settings'])
    expect(missing({}, { slices: [] })).toEqual(['slice'])
  })

  it('looks at every swept value, against the shallowest model', () => {
    const groups = (layers: readonly number[]) => [
      { method: 'rome', values: { layer: { sweep: layers } } },
    ]
    expect(missing({ groups: groups([2, 7]) })).toEqual([])
    expect(missing({ groups: groups([2, 8]) })).toEqual(['methods'])
    const models = [model('a', { layers: 4 }), model('b')]
    expect(missing({ models: ['a', 'b'], groups: groups([2, 7]) }, { models })).toEqual(['methods'])
    expect(missing({ groups: [{ method: 'magic', values: {} }] })).toEqual(['methods'])
  })

  it('refuses more arms than an evaluation takes', () => {
    const sweep = Array.from({ length: 300 }, (_, index) => index % 8)
    const groups = [
      { method: 'rome', values: { layer: { sweep } } },
      { method: 'mend', values: { layer: { sweep } } },
    ]
    expect(missing({ groups })).toContain('methods')
    expect(evaluationInput(resolve({ groups }))).toBeNull()
  })
})

describe('details', () => {
  it('never asks for more cases than the slice holds', () => {
    expect(casesOf(resolve({ cases: '10' }))).toBe(10)
    expect(casesOf(resolve({ cases: '1000' }))).toBe(60)
    expect(casesOf(resolve({ cases: '' }))).toBe(60)
  })

  it('chooses a slice of the bundled data set that is of the usual size', () => {
    const sizes = [slice('1', { cases: 1000 }), slice('2', { cases: 120 }), slice('3')]
    expect(chosenSlice(sizes, null)?.id).toBe('2')
    const own = { ...dataset, bundled: false }
    expect(chosenSlice([slice('1', { dataset: own }), slice('2')], null)?.id).toBe('2')
    expect(chosenSlice([slice('1', { dataset: own })], null)?.id).toBe('1')
    expect(chosenSlice([slice('1', { state: 'RUNNING' })], null)).toBeNull()
  })

  it('says why a protocol does not fit', () => {
    expect(unfitReason('zsre', dataset)).toBeNull()
    const lacking = { ...dataset, features: { ...features, newTargets: 0 } }
    expect(unfitReason('easyedit', lacking)).toBe('facts has no new targets.')
    expect(unfitReason('easyedit', dataset)).toContain('another form')
  })

  it('fills itself from an evaluation', () => {
    const view = viewOfEvaluation({
      id: 'e',
      name: 'old',
      note: null,
      seed: 3,
      cases: 40,
      priority: 10,
      slice: { id: 's' },
      protocol: { name: 'zsre' },
      arms: [{ name: 'rome', method: 'rome', hyperparameters: { layer: 4 }, model: { id: 'b' } }],
      settings: {
        divergence: false,
        casesPerBatch: 8,
        threads: null,
        provider: 'CPU',
        preset: null,
        generation: { length: 100, topK: 5 },
      },
    })
    expect(view).toMatchObject({
      from: 'e',
      models: ['b'],
      groups: [{ method: 'rome', values: { layer: 4 } }],
      cases: '40',
      texts: true,
      threads: '',
      casesPerBatch: '8',
      provider: 'CPU',
    })
  })
})
