import { expect, it } from 'vitest'
import { inOrder, queueLines, totalsOf, type WorkerItem } from './worker-facts'

const worker = (machine: string, processId: number, change: Partial<WorkerItem> = {}) =>
  ({
    id: `${machine}${processId}`,
    machine,
    processId,
    alive: true,
    casesPerSecond: null,
    ...change,
  }) as WorkerItem

const workers = [
  worker('b', 2, { casesPerSecond: 1.5 }),
  worker('a', 9, { alive: false, casesPerSecond: 7 }),
  worker('b', 1, { casesPerSecond: 2 }),
  worker('a', 5),
]

it('puts those that are alive first, and keeps their places', () => {
  expect(inOrder(workers).map(({ id }) => id)).toEqual(['a5', 'b1', 'b2', 'a9'])
})

it('adds up those that are alive', () => {
  expect(totalsOf(workers)).toEqual({ alive: 3, machines: 2, casesPerSecond: 3.5 })
  expect(totalsOf([])).toEqual({ alive: 0, machines: 0, casesPerSecond: 0 })
})

it('names every queue', () => {
  const queue = { runs: 1, edits: 2, batches: 3, slices: 4, figures: 5, imports: 6 }
  expect(queueLines(queue).map(({ count }) => count)).toEqual([1, 2, 3, 4, 5, 6])
})
