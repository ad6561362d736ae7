import { expect, it } from 'vitest'
import { anchorOfLink } from './evidence-link'

const here = 'http://localhost:3000'
const read = (text: string) => anchorOfLink(text, here)

it('reads a cell of the lens, with its matrix and factor', () => {
  expect(read(`${here}/lens?run=r1&cell=5.3`)).toEqual({
    kind: 'CELL',
    runId: 'r1',
    layer: 5,
    position: 3,
    matrix: 'MLP_DOWN',
    factor: 'VJP',
  })
  expect(read('/lens?run=r1&matrix=mlp.up&factor=input&cell=0.12')).toMatchObject({
    matrix: 'MLP_UP',
    factor: 'INPUT',
    position: 12,
  })
})

it('reads the run when no cell is named, or the cell is none', () => {
  expect(read('/lens?run=r1')).toEqual({ kind: 'RUN', id: 'r1' })
  expect(read('/lens?run=r1&cell=x.y')).toEqual({ kind: 'RUN', id: 'r1' })
  expect(read('/lens')).toBeNull()
})

it('reads neurons, edits, evaluations and the rest', () => {
  expect(read('/models/m1/neurons/5/312')).toEqual({
    kind: 'NEURON',
    modelId: 'm1',
    layer: 5,
    index: 312,
  })
  expect(read('  /edits/e1 ')).toEqual({ kind: 'EDIT', id: 'e1' })
  expect(read('/evaluations/v1?tab=cases')).toEqual({ kind: 'EVALUATION', id: 'v1' })
  expect(read('/annotations/a1')).toEqual({ kind: 'ANNOTATION', id: 'a1' })
})

it('refuses other origins, pages that are no thing, and plain text', () => {
  expect(read('https://elsewhere.example/edits/e1')).toBeNull()
  expect(read('//elsewhere.example/edits/e1')).toBeNull()
  expect(read('/edits/new')).toBeNull()
  expect(read('/models')).toBeNull()
  expect(read('Paris is a capital')).toBeNull()
  expect(read('javascript:alert(1)')).toBeNull()
  expect(read('')).toBeNull()
})
