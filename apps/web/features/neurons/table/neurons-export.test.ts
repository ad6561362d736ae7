import { expect, it } from 'vitest'
import type { NeuronRowPartsFragment } from '../../../graphql/generated/graphql'
import { neuronsCsv, neuronsJson } from './neurons-export'
import { WHOLE_LAYER } from './table-view'

const neuron: NeuronRowPartsFragment = {
  layer: 5,
  index: 312,
  keyWord: ' capital',
  valueWord: '=Paris',
  keyNorm: 1.5,
  valueNorm: 2,
  maxActivation: null,
  meanActivation: null,
  maxCoefficient: null,
  spark: [],
  sparkStart: null,
  sparkWidth: null,
  editNorm: 0,
  annotationCount: 1,
  label: 'cities, towns',
}

it('writes a row for each neuron, empty where nothing was measured, and no formulas', () => {
  const [header, row] = neuronsCsv([neuron]).trim().split('\r\n')
  expect(header?.split(',')).toHaveLength(12)
  expect(row).toBe(`5,312," capital",'=Paris,1.5,2,,,,0,1,"cities, towns"`)
})

it('says in JSON what was asked', () => {
  const view = { ...WHOLE_LAYER, search: 'Paris' }
  const read = JSON.parse(neuronsJson({ model: 'facts-gpt2', layer: 5 }, view, [neuron])) as {
    model: string
    asked: string
    neurons: unknown[]
  }
  expect(read).toMatchObject({ model: 'facts-gpt2', layer: 5, asked: 'search=Paris' })
  expect(read.neurons).toHaveLength(1)
})
