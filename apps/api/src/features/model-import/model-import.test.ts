import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tinyModel, writeTinyModel } from '../../engine/testing/tiny-model.js'
import { createScriptedEngine } from '../../testing/scripted-engine.js'
import { eventually, startTestApi } from '../../testing/test-api.js'
import type { TestApi } from '../../testing/test-api.js'

const fields = `id source kind name state stage attempt file receivedBytes totalBytes secondsLeft notes progressVersion
  error { code message cure attempt retried } model { id name family } author`

let api: TestApi
let sources: string
beforeAll(async () => {
  api = await startTestApi()
  sources = mkdtempSync(path.join(os.tmpdir(), 'imprint-sources-'))
})
afterAll(async () => {
  await api.stop()
  rmSync(sources, { recursive: true, force: true })
})

async function add(input: { source: string; name?: string; clientMutationId?: string }) {
  const { data } = await api.graphql(
    `mutation($input: AddModelInput!) { addModel(input: $input) { modelImport { ${fields} } errors { code message field cure } } }`,
    { input },
  )
  return data.addModel
}

async function change(mutation: string, id: string) {
  const { data } = await api.graphql(
    `mutation($id: ID!) { ${mutation}(id: $id) { modelImport { ${fields} } errors { code cure } } }`,
    { id },
  )
  return data[mutation]
}

const read = async (id: string) =>
  (await api.graphql(`query($id: ID!) { modelImport(id: $id) { ${fields} } }`, { id })).data
    .modelImport
const ended = (id: string) =>
  eventually(
    () => read(id),
    ({ state }) => !['QUEUED', 'RUNNING'].includes(state),
  )

describe('a source', () => {
  const check = async (source: string, name: string | null = null) =>
    (
      await api.graphql(
        'query($source: String!, $name: String) { checkModelSource(source: $source, name: $name) { kind source name errors { code field cure } } }',
        { source, name },
      )
    ).data.checkModelSource

  it('on the hub is read and gets its repository’s or file’s name', async () => {
    expect(await check(' hf:openai-community/gpt2 ')).toEqual({
      ...{ kind: 'HUB', source: 'hf:openai-community/gpt2', name: 'gpt2', errors: [] },
    })
    expect(await check('hf:owner/m-GGUF@main:sub/m-q8_0.gguf')).toMatchObject({
      ...{ kind: 'HUB', source: 'hf:owner/m-GGUF@main:sub/m-q8_0.gguf', name: 'm-q8_0' },
    })
  })

  it('on the server is read when it is there', async () => {
    const directory = writeTinyModel(sources, {}, 'here')
    expect(await check(`${directory}/`)).toMatchObject({
      ...{ kind: 'DIRECTORY', source: directory, name: 'here', errors: [] },
    })
    const file = path.join(sources, 'tiny.gguf')
    writeFileSync(file, 'GGUF')
    expect(await check(file)).toMatchObject({ kind: 'GGUF', name: 'tiny', errors: [] })
  })

  it.each([
    ['', 'BAD_ARGUMENT', 'source'],
    ['hf:gpt2', 'BAD_ARGUMENT', 'source'],
    ['hf:a/b:weights.bin', 'BAD_ARGUMENT', 'source'],
    ['https://huggingface.co/openai-community/gpt2', 'BAD_ARGUMENT', 'source'],
    ['relative/path', 'PATH_NOT_ABSOLUTE', 'source'],
    ['/no/such/directory', 'MODEL_NOT_FOUND', 'source'],
    ['/nul\0byte', 'TEXT_INVALID', 'source'],
  ])('that is "%s" is refused with %s', async (source, code, field) => {
    const { kind, errors } = await check(source)
    expect(kind).toBeNull()
    expect(errors).toMatchObject([{ code, field }])
    expect(errors[0].cure).not.toBe('')
    expect((await add({ source })).errors).toMatchObject([{ code, field }])
    expect(await api.database.prisma.modelImport.count()).toBe(0)
  })

  it('that is endless is refused', async () => {
    expect((await check(`/${'x'.repeat(5000)}`)).errors).toMatchObject([{ code: 'TEXT_TOO_LONG' }])
  })

  it('cannot take a name that is no name, or that a model has', async () => {
    for (const name of ['../up', 'bundled', 'a b', 'x'.repeat(65)])
      expect((await check('hf:a/b', name)).errors).toMatchObject([
        { code: 'BAD_ARGUMENT', field: 'name' },
      ])
    const taken = await check('hf:a/b', 'tiny-bytes')
    expect(taken.errors).toMatchObject([{ code: 'MODEL_NAME_TAKEN', field: 'name' }])
  })
})

describe('imports that wait', () => {
  it('are made once for each clientMutationId, and one at a time for a name', async () => {
    const input = { source: 'hf:a/waiting', clientMutationId: 'once' }
    const [first, again] = await Promise.all([add(input), add(input)])
    expect(first.modelImport.id).toBe(again.modelImport.id)
    expect(first.modelImport).toMatchObject({ state: 'QUEUED', stage: 'QUEUED', author: 'You' })
    expect((await add({ source: 'hf:b/waiting' })).errors).toMatchObject([
      { code: 'IMPORT_UNDER_WAY', field: 'name' },
    ])
    expect((await add({ source: 'hf:b/waiting', name: 'other' })).errors).toEqual([])
  })

  it('are listed by cursor, newest first, and by state', async () => {
    const query = `query($after: String, $filter: ModelImportFilter) { modelImports(first: 1, after: $after, filter: $filter) {
      totalCount pageInfo { hasNextPage endCursor } edges { node { name } } } }`
    const page = async (variables: object) =>
      (await api.graphql(query, { ...variables })).data.modelImports
    const first = await page({})
    expect(first).toMatchObject({ totalCount: 2, edges: [{ node: { name: 'other' } }] })
    const second = await page({ after: first.pageInfo.endCursor })
    expect(second).toMatchObject({
      ...{ pageInfo: { hasNextPage: false }, edges: [{ node: { name: 'waiting' } }] },
    })
    expect(await page({ filter: { state: 'DONE' } })).toMatchObject({ totalCount: 0 })
  })

  it('are cancelled, tried again and forgotten; what has ended is not cancelled', async () => {
    const { modelImport } = await add({ source: 'hf:a/changing' })
    const { id } = modelImport
    expect((await change('cancelModelImport', id)).modelImport.state).toBe('CANCELLED')
    expect((await change('cancelModelImport', id)).errors).toMatchObject([{ code: 'IMPORT_ENDED' }])
    const other = (await add({ source: 'hf:b/changing' })).modelImport
    expect((await change('retryModelImport', id)).errors).toMatchObject([
      { code: 'IMPORT_UNDER_WAY' },
    ])
    await change('cancelModelImport', other.id)
    expect((await change('retryModelImport', id)).modelImport.state).toBe('QUEUED')
    expect((await change('retryModelImport', id)).errors).toMatchObject([
      { code: 'IMPORT_NOT_FAILED' },
    ])
    for (const nobody of ['nonsense', '00000000-0000-7000-8000-000000000000'])
      expect((await change('retryModelImport', nobody)).errors).toMatchObject([
        { code: 'IMPORT_NOT_FOUND' },
      ])
    const { data } = await api.graphql(
      'mutation($id: ID!) { deleteModelImport(id: $id) { deletedId } }',
      { id },
    )
    expect(data.deleteModelImport.deletedId).toBe(id)
    expect(await read(id)).toBeNull()
    await api.database.prisma.modelImport.deleteMany()
  })
})

describe('with a worker', () => {
  beforeAll(() => api.startWorker(createScriptedEngine()))

  it('a directory becomes a model that can be read at once', async () => {
    const source = writeTinyModel(sources, { layers: 3 }, 'from-directory')
    const { modelImport } = await add({ source, name: 'my-model' })
    const seen: { state: string; progressVersion: number }[] = []
    for await (const step of api.services.importProgress.follow(api.viewer, modelImport.id, null))
      seen.push(step)
    expect(seen.at(-1)).toMatchObject({ state: 'DONE', stage: 'DONE' })
    const versions = seen.map(({ progressVersion }) => progressVersion)
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b))
    const done = await read(modelImport.id)
    expect(done).toMatchObject({
      ...{ kind: 'DIRECTORY', attempt: 1, error: null, name: 'my-model' },
      model: { name: 'my-model', family: 'gpt2' },
    })
    const { data } = await api.graphql(
      'query($id: ID!) { model(id: $id) { layers hasTokenizer available memoryNeeded } tokenize(modelId: $id, text: "ab") { count } server { memoryAvailable modelDirectories } }',
      { id: done.model.id },
    )
    expect(data.model).toMatchObject({ layers: 3, hasTokenizer: true, available: true })
    expect(data.tokenize.count).toBe(2)
    expect(data.model.memoryNeeded).toBeGreaterThan(100 * 2 ** 20)
    expect(data.server.memoryAvailable).toBeGreaterThan(0)
    expect(data.server.modelDirectories).toBeNull()
    expect((await add({ source, name: 'my-model' })).errors).toMatchObject([
      { code: 'MODEL_NAME_TAKEN' },
    ])
  })

  it('a pickle is refused with its cure, and a retry works once the files are good', async () => {
    const directory = writeTinyModel(sources, {}, 'pickled')
    const weights = path.join(directory, 'model.safetensors')
    rmSync(weights)
    writeFileSync(path.join(directory, 'pytorch_model.bin'), Buffer.from('PK\x03\x04 data.pkl'))
    const { modelImport } = await add({ source: directory })
    const failed = await ended(modelImport.id)
    expect(failed).toMatchObject({
      ...{ state: 'FAILED', model: null, attempt: 1 },
      error: {
        code: 'UNSAFE_PICKLE',
        retried: false,
        cure: expect.stringContaining('safetensors'),
      },
    })
    rmSync(directory, { recursive: true })
    writeTinyModel(sources, {}, 'pickled')
    await change('retryModelImport', modelImport.id)
    expect(await ended(modelImport.id)).toMatchObject({ state: 'DONE', error: null })
  })

  it('a file that is no GGUF, and a directory without a model, say what is wrong', async () => {
    const file = path.join(sources, 'broken.gguf')
    writeFileSync(file, 'this is no model')
    const empty = path.join(sources, 'empty')
    mkdirSync(empty)
    for (const source of [file, empty]) {
      const { modelImport } = await add({ source })
      const { state, error } = await ended(modelImport.id)
      expect(state).toBe('FAILED')
      expect(error.message).not.toBe('')
      expect(error.cure).not.toBe('')
      expect(error.code).not.toBe('UNEXPECTED')
    }
  })

  it('a name that got other files meanwhile is refused by the store', async () => {
    writeTinyModel(sources, { layers: tinyModel.layers + 2 }, 'twin')
    await api.database.prisma.model.deleteMany({ where: { name: 'my-model' } })
    const { errors } = await add({ source: path.join(sources, 'twin'), name: 'my-model' })
    expect(errors).toMatchObject([{ code: 'MODEL_NAME_TAKEN' }])
  })
})
