import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addTinyModel } from '../../engine/testing/tiny-model.js'
import { startTestApi } from '../../testing/test-api.js'
import type { TestApi } from '../../testing/test-api.js'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.stop())

const names = async (): Promise<string[]> => {
  const { data } = await api.graphql('{ models { edges { node { name available } } } }')
  return data.models.edges.map(({ node }: { node: { name: string } }) => node.name)
}

describe('the list of models', () => {
  it('shows a model as soon as it was added to the store', async () => {
    expect(await names()).not.toContain('added-later')
    const directory = path.join(api.environment.home, 'sources')
    mkdirSync(directory)
    addTinyModel(directory, { home: api.environment.home, name: 'added-later' })
    expect(await names()).toContain('added-later')
  })

  it('shows it once, however often it is read', async () => {
    await names()
    expect((await names()).filter((name) => name === 'added-later')).toHaveLength(1)
  })
})
