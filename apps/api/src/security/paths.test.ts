// A file beside the allowed directory, asked for in every spelling of a way out: it is never opened.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApi } from '../testing/test-api.js'
import type { TestApi } from '../testing/test-api.js'

const marker = 'quetzalcoatl'
let folder: string
let allowed: string
let api: TestApi
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'imprint-paths-'))
  allowed = path.join(folder, 'allowed')
  mkdirSync(path.join(folder, 'secret'))
  mkdirSync(allowed)
  const record = { id: marker, subject: marker, prompt: '{} died in', target_new: 'Rome' }
  for (const place of [folder, path.join(folder, 'secret')])
    writeFileSync(path.join(place, 'secret.jsonl'), JSON.stringify(record))
  symlinkSync(path.join(folder, 'secret'), path.join(allowed, 'link'))
  symlinkSync(path.join(folder, 'secret.jsonl'), path.join(allowed, 'link.jsonl'))
  api = await startTestApi({ variables: { IMPRINT_MODEL_DIRECTORIES: allowed } })
})
afterAll(async () => {
  await api.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** Ways up, and ways to write them. */
const ups = [
  '../',
  '..\\',
  './../',
  '..//',
  '.../',
  '%2e%2e/',
  '%2e%2e%2f',
  '..%2f',
  '..%5c',
  '%252e%252e%252f',
  '..%c0%af',
  '\uff0e\uff0e/',
  '\u2024\u2024/',
  '..;/',
  '..\u0000/',
]
const spellings = (): string[] => {
  const ends = ['secret.jsonl', 'secret/secret.jsonl', 'SECRET.jsonl', 'secret.jsonl\u0000.jsonl']
  const ways = ups.flatMap((up) => [up, `x/${up}${up}`, `/${up}`])
  const relative = ways.flatMap((way) => ends.map((end) => `${way}${end}`))
  return [
    ...relative.map((way) => `${allowed}/${way}`),
    ...[`${folder}/secret.jsonl`, `${allowed}/link/secret.jsonl`, `${allowed}/link.jsonl`],
    ...[`file://${folder}/secret.jsonl`, `//${folder}/secret.jsonl`, `${allowed}evil/x.jsonl`],
    ...[`upload:../../${path.basename(folder)}/secret.jsonl`, `upload:${folder}/secret.jsonl`],
    ...['secret.jsonl', '~/secret.jsonl', `\\\\?\\${folder}/secret.jsonl`],
  ]
}

describe('a file outside the allowed directory', () => {
  it('is no source of a data set or of a model, in any spelling', async () => {
    const all = spellings()
    expect(all.length).toBeGreaterThan(180)
    const kinds = [
      'importDataset(input: { source: $source })',
      'addModel(input: { source: $source })',
    ]
    for (const kind of kinds)
      for (const source of all) {
        const query = `mutation($source: String!) { made: ${kind} { errors { code } } }`
        const { data, errors } = await api.graphql(query, { source })
        expect(errors).toBeUndefined()
        expect(`${source}: ${data.made.errors.length}`).toBe(`${source}: 1`)
      }
    const { data } = await api.graphql(
      '{ datasets { edges { node { name } } } datasetImports { totalCount } }',
    )
    expect(JSON.stringify(data)).not.toContain(marker)
    expect(data.datasetImports.totalCount).toBe(0)
  })

  it('is given by no route of files', async () => {
    const { hostname, port } = new URL(api.url)
    const ask = (where: string) =>
      new Promise<string>((resolve, reject) => {
        const sent = request({ hostname, port, path: where }, (response) => {
          let text = `${response.statusCode} `
          response.on('data', (chunk) => (text += String(chunk)))
          response.on('end', () => resolve(text))
        })
        sent.once('error', reject).end()
      })
    const routes = [
      '/api/runs/ID/vectors.safetensors',
      '/api/edits/ID.json',
      '/api/evaluations/x/ID',
      '/api/datasets/ID/cases.jsonl',
    ]
    for (const route of routes)
      for (const up of ups) {
        const id = encodeURI(`${up}${up}${folder}/secret.jsonl`).replaceAll('%25', '%')
        const text = await ask(route.replace('ID', id))
        expect(text).not.toContain(marker)
        expect(text).toMatch(/^4\d\d /)
      }
  })
})
