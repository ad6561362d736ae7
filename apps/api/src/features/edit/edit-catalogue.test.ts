import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApi } from '../../testing/test-api.js'
import type { TestApi } from '../../testing/test-api.js'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.stop())

describe('the catalogue', () => {
  it('describes every method with its defaults for a model', async () => {
    const { data } = await api.graphql(
      `{ editMethods(modelId: "${api.modelId}") { name title source requestsPerEdit needs provenance typicalSeconds
        hyperparameters { name kind default min max optional choices { value } published { model value source } } } }`,
    )
    const methods = data.editMethods as { name: string; hyperparameters: { name: string }[] }[]
    expect(methods.map(({ name }) => name)).toHaveLength(12)
    const rome = methods.find(({ name }) => name === 'rome')
    expect(rome).toMatchObject({
      requestsPerEdit: 'ONE',
      needs: expect.arrayContaining(['KEY_COVARIANCE']),
      provenance: 'DERIVED',
      typicalSeconds: null,
    })
    expect(rome?.hyperparameters.find(({ name }) => name === 'layer')).toMatchObject({
      ...{ kind: 'LAYER', min: 0, max: 1 },
      published: expect.arrayContaining([expect.objectContaining({ model: 'gpt2-xl', value: 17 })]),
    })
    const { errors } = await api.graphql('{ editMethods(modelId: "x") { name } }')
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
  })

  it('finds facts to edit, with their probes', async () => {
    const find = async (search: string) =>
      (
        await api.graphql(
          `query($s: String!) { editFacts(search: $s, first: 5) { prompt subject target truth paraphrases
            neighbors { prompt target } generationPrompts relation } }`,
          { s: search },
        )
      ).data.editFacts
    const all = await find('')
    expect(all).toHaveLength(5)
    for (const fact of all) {
      expect(fact.prompt).toContain('{}')
      expect(fact.neighbors.length).toBeGreaterThan(0)
      expect(fact.target).not.toBe(fact.truth)
    }
    const [named] = await find(all[2].subject)
    expect(named.subject).toBe(all[2].subject)
    expect(await find('no such subject anywhere')).toEqual([])
  })
})

describe('the guard', () => {
  it('counts what a list of edits costs', async () => {
    const token = 'top { id text probability logit }'
    const effect = `effect { prompts { before { ${token} } after { ${token} } } lens { layer before { id text } after { id text } } }`
    const fields = Array.from({ length: 12 }, (_, i) => `e${i}: ${effect}`).join(' ')
    const { errors } = await api.graphql(`{ edits(first: 100) { edges { node { ${fields} } } } }`)
    expect(errors).toMatchObject([{ extensions: { code: 'TOO_COSTLY' } }])
  })
})
