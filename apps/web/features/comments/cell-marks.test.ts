import { expect, it } from 'vitest'
import { cellMarks, NO_MARKS } from './cell-marks'
import type { Marker } from './use-markers'

const marker = (anchor: object, threads = 1, unresolved = 1) =>
  ({ anchor, threads, unresolved }) as unknown as Marker

const cell = { kind: 'CELL', layer: 5, position: 3, matrix: 'MLP_DOWN', factor: 'VJP' }

it('finds the cells of the matrix and factor that are shown', () => {
  const markers = [
    marker({ kind: 'RUN', id: 'r' }),
    marker(cell, 2, 1),
    marker({ ...cell, factor: 'INPUT' }),
    marker({ ...cell, matrix: 'MLP_UP', layer: 1 }),
    marker({ ...cell, layer: 4 }, 0, 0),
  ]
  expect([...cellMarks(markers, 'MLP_DOWN', 'VJP')]).toEqual([
    ['5.3', { threads: 2, unresolved: 1 }],
  ])
})

it('is the same object while there is nothing, so that the grid is not drawn again', () => {
  expect(cellMarks([], 'MLP_DOWN', 'VJP')).toBe(NO_MARKS)
})
