// A data set with cases of every kind and a slice of them, written straight into the tables.
import { createHash, randomUUID } from 'node:crypto'
import type { TestApi } from './test-api.js'

/** A case that every protocol but zsRE's own can score. */
export const sampleCase = (place: number) => ({
  id: `case-${place}`,
  request: {
    prompt: 'Home of {}:',
    subject: `S${place}`,
    targetNew: 'x',
    targetTrue: 'y',
  },
  relation: { id: `r${place % 3}`, source: 'record' as const },
  paraphrases: [`S${place} lives in`],
  neighbors: [{ prompt: `Home of N${place}:`, target: 'y' }],
  generationPrompts: [`S${place} is`],
})

export interface SampleSlice {
  readonly id: string
  readonly datasetId: string
}

export async function addSampleSlice(
  { database, viewer }: Pick<TestApi, 'database' | 'viewer'>,
  count: number,
  changes: object = {},
): Promise<SampleSlice> {
  const { prisma } = database
  const { projectId, userId: authorId } = viewer
  const name = `cases ${randomUUID().slice(0, 8)}`
  const digest = createHash('sha256').update(name).digest('hex')
  const cases = Array.from({ length: count }, (_, place) => ({ ...sampleCase(place), ...changes }))
  const counts = { paraphrases: count, neighbors: count, generationPrompts: count }
  const dataset = await prisma.dataset.create({
    data: {
      ...{ projectId, authorId, name, version: 1, digest, format: 'imprint', source: 'a test' },
      ...{ bytes: 1_000, cases: count, rejected: 0 },
      features: { ...counts, trueAnswers: count, newTargets: count, portability: 0 },
    },
  })
  await prisma.datasetCase.createMany({
    data: cases.map(({ request, ...one }, place) => ({
      ...{ datasetId: dataset.id, place, caseId: one.id, relation: one.relation.id },
      ...{ subject: request.subject, prompt: request.prompt },
      ...{ targetNew: request.targetNew, targetTrue: request.targetTrue },
      record: { request, ...one },
    })),
  })
  const slice = await prisma.slice.create({
    data: {
      ...{ projectId, authorId, datasetId: dataset.id, name, state: 'DONE', digest },
      ...{ definition: { seed: 0 }, places: cases.map((_, place) => place) },
    },
  })
  return { id: slice.id, datasetId: dataset.id }
}
