// The file of annotations that leaves a project and comes into another: its form, and the digest of what it says.
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { factorNames, matrixNames } from '../../vocabulary/names.js'
import { anchorKinds } from '../../vocabulary/talk-names.js'
import type { AnchorKindKey } from '../../vocabulary/talk-names.js'
import type { StoredAnchor } from '../anchor/anchor.js'

export const fileFormat = 'imprint-annotations'
export const fileVersion = 1

const whole = z.int().min(0)
const digest = z.string().regex(/^[0-9a-f]{64}$/)

/** An anchor without this server's id of the model: the model is named by its digest. */
const portableAnchor = z.strictObject({
  kind: z.enum(anchorKinds.keys as [AnchorKindKey, ...AnchorKindKey[]]),
  id: z.string().optional(),
  configDigest: z.string().optional(),
  layer: whole.optional(),
  position: whole.optional(),
  matrix: z.enum(matrixNames.values).optional(),
  factor: z.enum(factorNames.values).optional(),
  model: z.string().optional(),
  index: whole.optional(),
  evaluationId: z.string().optional(),
  caseIndex: whole.optional(),
  page: z.string().optional(),
  chart: z.string().optional(),
  region: z.array(z.number()).optional(),
})
export type PortableAnchor = z.infer<typeof portableAnchor>

const fileAnnotation = z.object({
  anchor: portableAnchor,
  label: z.string(),
  description: z.string(),
  tags: z.array(z.string()),
  confidence: z.number(),
  evidence: z.array(z.object({ anchor: portableAnchor, note: z.string().nullable() })),
  author: z.string(),
  createdAt: z.string(),
})
export type FileAnnotation = z.infer<typeof fileAnnotation>

const fileCollection = z.object({
  name: z.string(),
  description: z.string(),
  items: z.array(z.object({ anchor: portableAnchor, note: z.string() })),
})
export type FileCollection = z.infer<typeof fileCollection>

export const annotationFile = z.object({
  format: z.literal(fileFormat),
  version: z.literal(fileVersion),
  collection: fileCollection.nullable(),
  annotations: z.array(fileAnnotation).max(100_000),
  receipt: z.object({
    project: z.string(),
    exportedAt: z.string(),
    models: z.array(z.object({ name: z.string(), digest: z.string() })),
    annotations: whole,
    items: whole,
    digest,
  }),
})
export type AnnotationFile = z.infer<typeof annotationFile>

/** @param digestOf of a model of the project; one that is gone is named by what it was */
export function portable(
  anchor: StoredAnchor,
  digestOf: (modelId: string) => string,
): PortableAnchor {
  const { modelId, ...rest } = { ...anchor, key: undefined }
  return modelId === undefined ? rest : { ...rest, model: digestOf(modelId) }
}

/** What an annotation says: all but who wrote it, when, and what became of it. */
export function contentDigest(annotation: Omit<FileAnnotation, 'author' | 'createdAt'>): string {
  const { anchor, label, description, tags, confidence, evidence } = annotation
  return sha256(canonicalJson({ anchor, label, description, tags, confidence, evidence }))
}

/** Of all annotations in any order, and of the collection in its own. */
export function setDigest(contents: readonly string[], collection: FileCollection | null): string {
  return sha256([...contents.toSorted(), canonicalJson(collection)].join('\n'))
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Equal for equal values, whatever the order of their fields; absent fields do not count. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const fields = Object.entries(value).filter(([, field]) => field !== undefined)
  fields.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonicalJson(field)}`).join(',')}}`
}
