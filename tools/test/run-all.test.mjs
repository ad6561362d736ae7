// Which steps run beside each other.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { groupSteps } from './run-all.mjs'
import { chooseSteps } from './steps.mjs'

const ids = (groups) => groups.map((group) => group.map(({ id }) => id))

test('only neighbours that say so run beside each other', () => {
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((id) => ({ id }))
  b.beside = true
  c.beside = true
  assert.deepEqual(ids(groupSteps([a, b, c, d])), [['a'], ['b', 'c'], ['d']])
  assert.deepEqual(ids(groupSteps([b, a, c])), [['b'], ['a'], ['c']])
  assert.deepEqual(ids(groupSteps([])), [])
})

test('the engine, the API and the journeys each have the machine to themselves', () => {
  const alone = ids(groupSteps(chooseSteps([]))).filter((group) => group.length === 1)
  for (const id of ['build', 'engine', 'api', 'e2e']) assert.ok(alone.some(([only]) => only === id))
})
