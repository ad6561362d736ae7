// What is taken out of a server <-> one JSON file with a digest of its content, so that a changed file is refused.
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { UserFailure } from '../../errors/user-failure.js'

export const exportKinds = ['run', 'edit', 'evaluation'] as const
export type ExportKind = (typeof exportKinds)[number]

/** Where a file comes from; not part of its digest, as an import changes neither the content nor who made it. */
export interface Provenance {
  readonly id: string
  readonly author: string
  readonly createdAt: string
  readonly exportedAt: string
  readonly imprintVersion: string
}

/** `content` is small; `rows` are many and are written and digested one by one. */
export interface ExportSource {
  readonly kind: ExportKind
  readonly provenance: Provenance
  readonly content: object
  readonly rows: AsyncIterable<object> | Iterable<object>
}

export interface ExportFile<Content = unknown, Row = unknown> {
  readonly content: Content
  readonly rows: readonly Row[]
  readonly contentDigest: string
}

/** The largest file that is read in one piece. */
export const largestExport = 64 * 2 ** 20
const version = 1
const formatOf = (kind: ExportKind): string => `imprint-${kind}`

/** JSON without spaces whose keys are in the order of their UTF-16 units, at every depth. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) =>
    one === null || typeof one !== 'object' || Array.isArray(one)
      ? one
      : Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))),
  )
}

/** The text of a file, piece by piece: a row a line, the digest at the end. */
export async function* writeExport(source: ExportSource): AsyncGenerator<string> {
  const { kind, provenance, content, rows } = source
  const digest = createHash('sha256')
  const head = canonicalJson(content)
  digest.update(`${head}\n`)
  yield `{"format":"${formatOf(kind)}","version":${version},"provenance":${JSON.stringify(provenance)},\n`
  yield `"content":${head},\n"rows":[`
  let first = true
  for await (const row of rows) {
    const text = canonicalJson(row)
    digest.update(`${text}\n`)
    yield first ? `\n${text}` : `,\n${text}`
    first = false
  }
  yield `\n],"contentDigest":"${digest.digest('hex')}"}\n`
}

const envelope = z.object({
  format: z.string(),
  version: z.number(),
  content: z.unknown(),
  rows: z.array(z.unknown()),
  contentDigest: z.string(),
})

/** @throws UserFailure EXPORT_INVALID with what is wrong with the file, EXPORT_CHANGED */
export function readExport<Content, Row>(
  text: string,
  kind: ExportKind,
  schemas: { readonly content: z.ZodType<Content>; readonly row: z.ZodType<Row> },
): ExportFile<Content, Row> {
  const file = envelope.safeParse(parseJson(text))
  if (!file.success)
    throw invalid(`it lacks ${file.error.issues[0]?.path.join('.') || 'all parts'}`)
  const { format, version: written, contentDigest } = file.data
  if (format !== formatOf(kind)) throw invalid(`its format is ${format}, not ${formatOf(kind)}`)
  if (written !== version)
    throw invalid(`it is of version ${written}, this server reads ${version}`)
  if (digestOf(file.data.content, file.data.rows) !== contentDigest) throw changed
  const content = schemas.content.safeParse(file.data.content)
  const rows = z.array(schemas.row).safeParse(file.data.rows)
  if (!content.success) throw invalid(firstIssue('content', content.error))
  if (!rows.success) throw invalid(firstIssue('rows', rows.error))
  return { content: content.data, rows: rows.data, contentDigest }
}

function digestOf(content: unknown, rows: readonly unknown[]): string {
  const digest = createHash('sha256').update(`${canonicalJson(content)}\n`)
  for (const row of rows) digest.update(`${canonicalJson(row)}\n`)
  return digest.digest('hex')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw invalid('it is no JSON, or was cut off')
  }
}

const firstIssue = (part: string, { issues }: z.ZodError): string =>
  `${[part, ...(issues[0]?.path ?? [])].join('.')}: ${issues[0]?.message ?? 'wrong'}`

export const invalid = (reason: string): UserFailure =>
  new UserFailure('EXPORT_INVALID', `The file cannot be imported: ${reason}.`.slice(0, 500), {
    field: 'uploadId',
    cure: 'Take a file that the export of an Imprint server wrote, and send it unchanged.',
  })

const changed = new UserFailure(
  'EXPORT_CHANGED',
  'The content of the file is not what its digest says.',
  { field: 'uploadId', cure: 'Export it again: the file was changed or damaged on its way.' },
)

export const missing = (what: string, digest: string, cure: string): UserFailure =>
  new UserFailure('EXPORT_NEEDS', `The file needs ${what} with the digest ${digest}.`, {
    field: 'uploadId',
    cure,
  })
