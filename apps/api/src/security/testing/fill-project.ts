// One row of everything that has an id, in the test's own project, each with a word by which a leak would be seen.
import { writeSampleEvaluation } from '../../testing/sample-evaluation.js'
import type { TestApi } from '../../testing/test-api.js'
import { keyOf, shareOf } from '../../testing/test-people.js'
import type { TestPerson } from '../../testing/test-people.js'
import { addEditRow, addRunRow } from '../../testing/test-team.js'

/** What it is -> its id; names are parts of the names of operations. */
export type OwnIds = Readonly<Record<string, string>>

/** @param marker stands in a text of every row */
export async function fillProject(
  api: TestApi,
  owner: TestPerson,
  marker: string,
): Promise<OwnIds> {
  const { viewer, services, database, modelId } = api
  await database.prisma.model.updateMany({ data: { name: `${marker}-model` } })
  const prompt = await services.prompts.save(viewer, { text: marker })
  const run = await addRunRow(api, marker, { ...viewer, userId: owner.id })
  await database.prisma.lensRun.updateMany({ data: { promptText: marker } })
  const edit = await addEditRow(api, viewer, { name: marker })
  const said = await owner.graphql(
    'mutation { createInvitation(input: { role: VIEWER }) { invitation { id } } }',
  )
  return {
    ...{ model: modelId, prompt: prompt.id, run, edit },
    ...{ project: viewer.projectId, team: viewer.teamId, person: owner.id },
    key: (await keyOf(owner, ['read'])).id,
    link: (await shareOf(owner, `/runs?search=${marker}`)).id,
    invitation: said.data.createInvitation.invitation.id,
    ...(await addMeasured(api, owner, marker)),
    ...(await addWork(api, owner, { marker, edit, run })),
    ...(await addNotes(api, owner, { marker, edit, run })),
  }
}

async function addMeasured(api: TestApi, owner: TestPerson, marker: string): Promise<OwnIds> {
  const { prisma } = api.database
  const mine = { projectId: api.viewer.projectId, authorId: owner.id }
  const arms = [{ name: marker, method: 'rome' }]
  const { id, datasetId, sliceId, armIds } = await writeSampleEvaluation(api, { arms })
  await prisma.evaluation.update({ where: { id }, data: { name: marker } })
  await prisma.dataset.update({ where: { id: datasetId }, data: { name: marker } })
  await prisma.datasetCase.updateMany({ where: { datasetId }, data: { subject: marker } })
  await prisma.slice.update({ where: { id: sliceId }, data: { name: marker } })
  const figures = await prisma.figureSet.create({
    data: {
      ...{ ...mine, modelId: api.modelId, sliceId, name: marker, questionDigest: marker },
      ...{ settings: { prompts: 1, seed: 0, smallestStep: 0, target: 'new' }, prompts: 1 },
    },
  })
  const arm = armIds[0] as string
  return { evaluation: id, dataset: datasetId, slice: sliceId, arm, figureSet: figures.id }
}

interface Parts {
  readonly marker: string
  readonly edit: string
  readonly run: string
}

async function addWork(
  api: TestApi,
  owner: TestPerson,
  { marker, edit, run }: Parts,
): Promise<OwnIds> {
  const { prisma } = api.database
  const mine = { projectId: api.viewer.projectId, authorId: owner.id }
  const ofModel = { ...mine, modelId: api.modelId }
  const source = { ...mine, source: `/${marker}`, name: marker }
  const datasetImport = await prisma.datasetImport.create({ data: source })
  const modelImport = await prisma.modelImport.create({ data: source })
  const task = await prisma.editTask.create({
    data: { ...ofModel, editId: edit, kind: 'COMPUTE', input: {}, inputDigest: marker },
  })
  const map = await prisma.interferenceMap.create({
    data: { ...ofModel, editIds: [edit], questionDigest: marker },
  })
  const survey = await prisma.neuronSurvey.create({
    data: { ...ofModel, layer: 0, neurons: 4, runIds: [run], questionDigest: marker },
  })
  return {
    ...{ datasetImport: datasetImport.id, modelImport: modelImport.id, editTask: task.id },
    ...{ interference: map.id, neuronSurvey: survey.id },
  }
}

async function addNotes(
  api: TestApi,
  owner: TestPerson,
  { marker, edit, run }: Parts,
): Promise<OwnIds> {
  const { prisma } = api.database
  const { projectId } = api.viewer
  const mine = { projectId, authorId: owner.id }
  const anchorKey = `neuron:${api.modelId}/0/0`
  const anchor = { kind: 'NEURON', key: anchorKey, modelId: api.modelId, layer: 0, index: 0 }
  const shared = { anchorKind: 'NEURON', anchorKey, anchor } as const
  const annotation = await prisma.annotation.create({
    data: { ...mine, ...shared, label: marker, description: marker } as never,
  })
  const comment = await prisma.comment.create({ data: { ...mine, ...shared, body: marker } })
  const collection = await prisma.collection.create({ data: { ...mine, name: marker } })
  const item = await prisma.collectionItem.create({
    data: { ...shared, collectionId: collection.id, place: 0, note: marker, addedById: owner.id },
  })
  const review = await prisma.review.create({
    data: {
      ...{ projectId, requestedById: owner.id, subjectKind: 'EDIT', subjectId: edit },
      ...{ title: marker, body: marker },
    },
  })
  const news = { projectId, actorId: owner.id, title: marker, path: `/runs/${run}` }
  const inbox = await prisma.inboxItem.create({
    data: { ...news, userId: owner.id, kind: 'mention', subject: `comment:${comment.id}` },
  })
  const activity = await prisma.activity.create({
    data: { ...news, verb: 'commented', subjectKind: 'RUN', subjectId: run },
  })
  return {
    ...{ annotation: annotation.id, comment: comment.id, collection: collection.id },
    ...{ item: item.id, review: review.id, inbox: inbox.id, activity: activity.id },
  }
}
