import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestApi } from '../testing/test-api.js'
import type { TestApi } from '../testing/test-api.js'
import { seedDatasets } from './seed-datasets.js'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.stop())

it('the bundled facts and their slices are there after the first start, and once after the second', async () => {
  expect(await seedDatasets(api.services, api.viewer)).toBe(1)
  expect(await seedDatasets(api.services, api.viewer)).toBe(1)
  const { data } = await api.graphql(
    '{ datasets { edges { node { name version cases rejected bundled protocols } } } slices { edges { node { name cases state } } } }',
  )
  expect(data.datasets.edges).toEqual([
    {
      node: {
        ...{ name: 'Bundled facts', version: 1, cases: 1500, rejected: 0, bundled: true },
        protocols: ['counterfact', 'counterfact-reduced', 'backward-lens', 'easyedit', 'zsre'],
      },
    },
  ])
  expect(data.slices.edges).toEqual([
    { node: { name: '100 facts', cases: 100, state: 'DONE' } },
    { node: { name: '1,000 facts for tables', cases: 1000, state: 'DONE' } },
  ])
})
