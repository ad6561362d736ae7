import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApi } from '../../testing/test-api.js'
import type { TestApi } from '../../testing/test-api.js'
import { canonicalJson, contentDigest, setDigest } from './annotation-file.js'
import type { AnnotationFile } from './annotation-file.js'

let here: TestApi
let there: TestApi
beforeAll(async () => {
  here = await startTestApi()
  there = await startTestApi()
  const { services, viewer } = here
  const neuron = (index: number) => ({
    kind: 'NEURON' as const,
    modelId: here.modelId,
    layer: 1,
    index,
  })
  const prompt = await services.prompts.save(viewer, { text: 'Only here' })
  for (let index = 0; index < 6; index += 1)
    await services.annotations.create(viewer, {
      ...{
        anchor: neuron(index),
        label: `Label ${index % 4}`,
        description: `“Text” ${index}\nsecond line`,
      },
      ...{
        tags: [`tag ${index % 2}`],
        confidence: index / 7,
        evidence: [{ anchor: neuron(9), note: 'see' }],
      },
    })
  // The same said twice, by two people or one, stays said twice.
  for (let time = 0; time < 2; time += 1)
    await services.annotations.create(viewer, { anchor: neuron(7), label: 'Twice' })
  await services.annotations.create(viewer, {
    ...{
      anchor: neuron(8),
      label: 'Proved here',
      evidence: [{ anchor: { kind: 'PROMPT', id: prompt.id } }],
    },
  })
  const about = { kind: 'PROMPT' as const, id: prompt.id }
  await services.annotations.create(viewer, {
    anchor: about,
    label: 'About a prompt',
    tags: ['prompt'],
  })
  const taken = await services.annotations.create(viewer, { anchor: neuron(0), label: 'Withdrawn' })
  await services.annotations.withdraw(viewer, taken.id)
})
afterAll(async () => {
  await here.stop()
  await there.stop()
})

const read = async (api: TestApi, path: string): Promise<AnnotationFile> =>
  (await (await fetch(`${api.url}${path}`)).json()) as AnnotationFile
const bring = async (api: TestApi, file: unknown) => {
  const json = typeof file === 'string' ? file : JSON.stringify(file)
  const { data, errors } = await api.graphql(
    `mutation($input: ImportAnnotationsInput!) { importAnnotations(input: $input) { imported skipped leftOut evidenceLeftOut collectionId errors { code message } } }`,
    { input: { json } },
  )
  if (errors) throw new Error(errors[0]?.message)
  return data.importAnnotations
}

describe('annotations as a file', () => {
  it('carry a receipt of what they say', async () => {
    const response = await fetch(`${here.url}/api/annotations.json`)
    expect(response.headers.get('content-disposition')).toContain('annotations.json')
    const file = (await response.json()) as AnnotationFile
    expect(file.receipt).toMatchObject({ project: 'Demo', annotations: 10, items: 0 })
    expect(file.receipt.models).toHaveLength(1)
    expect(file.annotations.map(({ label }) => label)).not.toContain('Withdrawn')
    expect(JSON.stringify(file)).not.toContain(here.modelId)
    expect(setDigest(file.annotations.map(contentDigest), null)).toBe(file.receipt.digest)
  })

  it('are filtered as lists are; bad filters are refused', async () => {
    expect((await read(here, '/api/annotations.json?tag=tag%200')).annotations).toHaveLength(3)
    expect((await read(here, '/api/annotations.json?search=label%201')).annotations).toHaveLength(2)
    expect((await read(here, '/api/annotations.json?state=WITHDRAWN')).annotations).toHaveLength(1)
    expect((await read(here, '/api/annotations.json?modelId=x')).annotations).toHaveLength(0)
    for (const query of ['state=MAYBE', 'layer=-1', 'anchorKind=x']) {
      const response = await fetch(`${here.url}/api/annotations.json?${query}`)
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({ code: 'BAD_ARGUMENT' })
    }
  })

  it('come back the same on another server, once', async () => {
    const file = await read(here, '/api/annotations.json?anchorKind=NEURON&search=label')
    expect(await bring(there, file)).toEqual({
      ...{
        imported: 6,
        skipped: 0,
        leftOut: 0,
        evidenceLeftOut: 0,
        collectionId: null,
        errors: [],
      },
    })
    const back = await read(there, '/api/annotations.json')
    expect(back.receipt.digest).toBe(file.receipt.digest)
    expect(await bring(there, file)).toMatchObject({ imported: 0, skipped: 6 })
    const twice = await read(here, '/api/annotations.json?search=twice')
    expect(await bring(there, twice)).toMatchObject({ imported: 2, skipped: 0 })
    expect((await read(there, '/api/annotations.json?search=twice')).receipt.digest).toBe(
      twice.receipt.digest,
    )
    const row = await there.database.prisma.annotationVersion.findFirstOrThrow()
    expect(row.change).toMatch(/^Imported; written by You in Demo, \d{4}-/)
  })

  it('that came from here are known here', async () => {
    const file = await read(here, '/api/annotations.json')
    expect(await bring(here, file)).toMatchObject({ imported: 0, skipped: 10, leftOut: 0 })
  })

  it('leave out what is not there, and say how much', async () => {
    const file = await read(here, '/api/annotations.json')
    expect(await bring(there, file)).toMatchObject({
      ...{ imported: 1, skipped: 8, leftOut: 1, evidenceLeftOut: 1, errors: [] },
    })
  })

  it('need their model, by its weights; it is named when it is absent', async () => {
    const text = JSON.stringify(
      await read(here, '/api/annotations.json?anchorKind=NEURON&search=label'),
    )
    const { receipt, annotations } = JSON.parse(text) as AnnotationFile
    const [model] = receipt.models
    const strange = JSON.parse(
      text.replaceAll(model!.digest, 'f'.repeat(64)).replaceAll(model!.name, 'strange'),
    ) as AnnotationFile
    const digest = setDigest(strange.annotations.map(contentDigest), null)
    const answer = await bring(there, { ...strange, receipt: { ...strange.receipt, digest } })
    expect(answer.errors[0]).toMatchObject({ code: 'MODEL_NOT_FOUND' })
    expect(answer.errors[0].message).toContain('strange (ffffffffffff)')
    expect(annotations).toHaveLength(6)
  })

  it.each([
    ['no JSON', '{'],
    ['another format', '{"format":"other"}'],
    ['an empty list', '[]'],
    ['null', 'null'],
  ])('are refused as %s', async (_name, text) => {
    expect((await bring(there, text)).errors[0].code).toBe('FILE_INVALID')
  })

  it('are refused when they were changed after the export, or are of no use', async () => {
    const file = await read(here, '/api/annotations.json?search=label%201')
    const changed = structuredClone(file)
    changed.annotations[0]!.label = 'Changed'
    expect((await bring(there, changed)).errors[0]).toMatchObject({ code: 'FILE_INVALID' })
    const wide = structuredClone(file)
    wide.annotations[0]!.tags = Array.from({ length: 101 }, (_, at) => `t${at}`)
    const digest = setDigest(wide.annotations.map(contentDigest), null)
    const answer = await bring(there, { ...wide, receipt: { ...wide.receipt, digest } })
    expect(answer.errors[0].code).toBe('TOO_MANY_TAGS')
    const { data } = await there.graphql(
      'mutation { importAnnotations(input: {}) { errors { code } } }',
    )
    expect(data.importAnnotations.errors[0].code).toBe('FILE_INVALID')
  })
})

describe('a collection as a file', () => {
  it('comes back in its order, with its notes and what is said', async () => {
    const { services, viewer, modelId } = here
    const { id } = await services.collections.create(viewer, {
      name: 'To / share',
      description: 'd',
    })
    const anchors = [5, 3, 7].map((index) => ({
      kind: 'NEURON' as const,
      modelId,
      layer: 1,
      index,
    }))
    await services.collections.add(viewer, { collectionId: id, anchors, note: 'why' })
    const response = await fetch(`${here.url}/api/collections/${id}.json`)
    expect(response.headers.get('content-disposition')).toContain('To-share.json')
    const file = (await response.json()) as AnnotationFile
    expect(file.receipt).toMatchObject({ annotations: 4, items: 3 })
    const { collectionId, errors } = await bring(there, file)
    expect(errors).toEqual([])
    expect((await read(there, `/api/collections/${collectionId}.json`)).receipt.digest).toBe(
      file.receipt.digest,
    )
    expect((await bring(there, file)).collectionId).toBe(collectionId)
    expect((await fetch(`${here.url}/api/collections/${collectionId}.json`)).status).toBe(404)
    expect((await fetch(`${here.url}/api/collections/x.json`)).status).toBe(404)
  })
})

describe('canonical JSON', () => {
  it('is the same for every order of fields, and without those that are absent', () => {
    expect(canonicalJson({ b: [1, { d: null, c: undefined }], a: 'x' })).toBe(
      '{"a":"x","b":[1,{"d":null}]}',
    )
  })
})
