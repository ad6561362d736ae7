import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSupervisedEngine } from '../engine/supervised-engine.js'
import { eventually, startTestApi } from '../testing/test-api.js'
import type { TestApi } from '../testing/test-api.js'
import { silentLogger } from '../testing/test-database.js'

/** A tiny Qwen3 as llama.cpp's converter writes it, and what PyTorch says about its original. */
const golden = (file: string): string =>
  fileURLToPath(new URL(`../../../../packages/lens-engine/${file}`, import.meta.url))
const source = golden('goldens-gguf/qwen3-head-norms.gguf')

interface RecordedCase {
  readonly name: string
  readonly mode: 'first' | 'last' | 'sequence'
  readonly promptIds: readonly number[]
  readonly targetIds: readonly number[]
  readonly loss: number
  readonly answer: number
}
const { cases } = JSON.parse(
  readFileSync(golden('goldens-families/qwen3-head-norms/reference.json'), 'utf8'),
) as { cases: readonly RecordedCase[] }

let api: TestApi
let modelId: string
beforeAll(async () => {
  api = await startTestApi()
  await api.startWorker(createSupervisedEngine(api.environment, silentLogger))
}, 120_000)
afterAll(() => api.stop())

const imports = `modelImport { id state error { code message } model { id name family layers width heads vocabularySize dtype hasTokenizer available } }`

async function readImport(id: string) {
  const query = `query($id: ID!) { ${imports.replace('{', '(id: $id) {')} }`
  return (await api.graphql(query, { id })).data.modelImport
}

async function readRun(id: string) {
  const query = `query($id: ID!) { lensRun(id: $id) { state error { message } loss answer { token { id } } device { provider name } } }`
  return (await api.graphql(query, { id })).data.lensRun
}

describe('a GGUF file on the server', () => {
  it('is converted and becomes a model', async () => {
    const { data } = await api.graphql(
      `mutation($input: AddModelInput!) { addModel(input: $input) { ${imports} errors { code } } }`,
      { input: { source } },
    )
    const done = await eventually(
      () => readImport(data.addModel.modelImport.id),
      ({ state }) => !['QUEUED', 'RUNNING'].includes(state),
      60_000,
    )
    expect(done).toMatchObject({ state: 'DONE', error: null })
    modelId = done.model.id
    expect(done.model).toMatchObject({
      ...{ name: 'qwen3-head-norms', family: 'llama', dtype: 'F32', available: true },
      ...{ layers: 2, width: 32, heads: 4, vocabularySize: 101, hasTokenizer: true },
    })
  }, 90_000)

  it.each(cases)(
    'is read as PyTorch reads its original: $name',
    async ({ mode, promptIds, targetIds, loss, answer }) => {
      const { data } = await api.graphql(
        'mutation($input: CreateLensRunInput!) { createLensRun(input: $input) { run { id } errors { code message } } }',
        { input: { modelId, promptIds, targetIds, targetMode: mode.toUpperCase() } },
      )
      expect(data.createLensRun.errors).toEqual([])
      const run = await eventually(
        () => readRun(data.createLensRun.run.id),
        ({ state }) => !['QUEUED', 'RUNNING'].includes(state),
        60_000,
      )
      expect(run).toMatchObject({ state: 'DONE', answer: { token: { id: answer } } })
      expect(Math.abs(run.loss - loss) / loss).toBeLessThan(1e-5)
      expect(run.device.name).not.toBe('')
    },
    90_000,
  )
})
