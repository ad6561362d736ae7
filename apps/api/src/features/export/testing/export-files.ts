// Exported files of a test: taken from the API, changed, and sent in again over HTTP.
import { createHash } from 'node:crypto'
import type { TestApi } from '../../../testing/test-api.js'
import { canonicalJson } from '../export-file.js'

const paths = {
  run: (id: string) => `/api/runs/${id}.json`,
  edit: (id: string) => `/api/edits/${id}.json`,
  evaluation: (id: string) => `/api/evaluations/${id}/evaluation.json`,
}
export type Kind = keyof typeof paths

export const pathTo = (kind: Kind, id: string): string => paths[kind](id)

const tables = { run: 'lensRun', edit: 'edit', evaluation: 'evaluation' } as const
type Table = Record<'deleteMany' | 'update' | 'findUnique', (what: object) => Promise<unknown>>

export const tableOf = (api: TestApi, kind: Kind): Table =>
  api.database.prisma[tables[kind]] as unknown as Table

export async function download(api: TestApi, kind: Kind, id: string): Promise<string> {
  const response = await fetch(api.url + pathTo(kind, id))
  const type = response.headers.get('content-type') ?? ''
  if (response.status !== 200 || !type.includes('application/json'))
    throw new Error(`${kind} ${id}: ${response.status} ${type}`)
  return response.text()
}

export async function upload(
  api: TestApi,
  content: string | Uint8Array<ArrayBuffer>,
): Promise<string> {
  const headers = { 'content-type': 'application/octet-stream', 'x-imprint-upload': '1' }
  const response = await fetch(`${api.url}/api/uploads?name=a.json`, {
    ...{ method: 'POST', headers, body: content },
  })
  return ((await response.json()) as { id: string }).id
}

export type ImportAnswer = Record<string, { id: string }> & {
  existed: boolean | null
  errors: { code: string; message: string; field: string }[]
}

export async function importFile(
  api: TestApi,
  kind: Kind,
  uploadId: string,
): Promise<ImportAnswer> {
  const name = `import${kind[0]?.toUpperCase()}${kind.slice(1)}`
  const { data, errors } = await api.graphql(
    `mutation($input: ImportFileInput!) { ${name}(input: $input) {
      ${kind} { id } existed errors { code message field cure } } }`,
    { input: { uploadId } },
  )
  if (errors) throw new Error(JSON.stringify(errors))
  return data[name] as ImportAnswer
}

/** A file whose digest fits what is in it. */
export function sealed(file: object, content: object, rows: unknown[]): string {
  const digest = createHash('sha256')
  for (const one of [content, ...rows]) digest.update(`${canonicalJson(one)}\n`)
  return JSON.stringify({ ...file, content, rows, contentDigest: digest.digest('hex') })
}
