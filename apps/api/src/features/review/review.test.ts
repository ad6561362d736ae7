import { randomUUID } from 'node:crypto'
import { createClient } from 'graphql-ws'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { eventually, startTestApi } from '../../testing/test-api.js'
import type { TestApi } from '../../testing/test-api.js'
import { addEditRow, addStranger, addViewer } from '../../testing/test-team.js'
import type { Viewer } from '../account/viewer.js'
import type { RequestReviewInput } from './review.input.js'
import { reviewPage } from './review-order.js'

let api: TestApi
let ada: Viewer
let bea: Viewer
let ann: Viewer
beforeAll(async () => {
  api = await startTestApi()
  ada = await addViewer(api, 'researcher', 'ada')
  bea = await addViewer(api, 'researcher', 'bea')
  ann = await addViewer(api, 'annotator', 'ann')
})
afterAll(() => api.stop())

const request = async (viewer: Viewer, more: Partial<RequestReviewInput> = {}) => {
  const subjectId = more.subjectId ?? (await addEditRow(api, viewer))
  return api.services.reviews.request(viewer, { subjectKind: 'EDIT', ...more, subjectId })
}
const addAnnotation = async (author: Viewer) => {
  const { projectId, userId: authorId } = author
  const anchor = { kind: 'NEURON', key: `neuron:${api.modelId}/0/0` } as const
  const data = { projectId, authorId, anchorKind: anchor.kind, anchorKey: anchor.key, anchor }
  return (await api.database.prisma.annotation.create({ data: { ...data, label: 'capitals' } })).id
}
const kindsIn = async (viewer: Viewer, subject: string) => {
  const { prisma } = api.database
  const rows = await prisma.inboxItem.findMany({
    where: { userId: viewer.userId, subject: { startsWith: `review:${subject}/` } },
    orderBy: { createdAt: 'asc' },
  })
  return rows.map(({ kind }) => kind)
}
const list = (viewer: Viewer, filter: object, order: 'WAITING' | 'NEWEST' = 'NEWEST') =>
  api.services.reviews.list(viewer, reviewPage(100, null, order), filter)

describe('a review', () => {
  it('goes from draft over a change request to approval, tells people, and keeps every step', async () => {
    const { reviews } = api.services
    const subjectId = await addEditRow(api, ada, { name: 'France to Rome' })
    const draft = await request(ada, { subjectId, asDraft: true, reviewerIds: [bea.userId] })
    const { id } = draft
    expect(draft).toMatchObject({ state: 'DRAFT', version: 1, round: 1, waitingSince: null })
    expect(await kindsIn(bea, id)).toEqual([])
    const asked = await reviews.submit(ada, { id, version: 1 })
    expect(asked).toMatchObject({ state: 'IN_REVIEW', version: 2, round: 1 })
    expect(asked.waitingSince).not.toBeNull()
    const changes = {
      id,
      version: 2,
      decision: 'REQUEST_CHANGES',
      body: 'Smaller, please',
    } as const
    await reviews.decide(bea, changes)
    await reviews.submit(ada, { id, version: 3, body: 'Done' })
    const done = await reviews.decide(bea, { id, version: 4, decision: 'APPROVE' })
    expect(done).toMatchObject({ state: 'APPROVED', version: 5, round: 2, waitingSince: null })
    expect(await kindsIn(bea, id)).toEqual(['review-requested', 'changes-made'])
    expect(await kindsIn(ada, id)).toEqual(['decision', 'decision'])
    const { data, errors } = await api.graphql(
      `query($id: ID!, $edit: ID!) { review(id: $id) { title state stale mayDecide whyNot requestedBy { handle }
        reviewers { handle } edit { id name } anchor { path } annotation { id } evaluation { id }
        history { kind from to version body actor { handle } } } edit(id: $edit) { review { id state } } }`,
      { id, edit: subjectId },
    )
    expect(errors).toBeUndefined()
    expect(data.edit.review).toEqual({ id, state: 'APPROVED' })
    expect(data.review).toMatchObject({
      ...{
        title: 'Edit France to Rome',
        stale: false,
        mayDecide: false,
        whyNot: 'It is approved.',
      },
      ...{ requestedBy: { handle: 'ada' }, reviewers: [{ handle: 'bea' }], annotation: null },
      ...{ edit: { id: subjectId }, anchor: { path: `/edits/${subjectId}` } },
    })
    const steps = data.review.history.map((one: { kind: string; version: number }) => one)
    expect(steps.map(({ kind }: { kind: string }) => kind)).toEqual([
      ...['requested', 'submitted', 'changes-requested', 'submitted', 'approved'],
    ])
    expect(steps.map(({ version }: { version: number }) => version)).toEqual([1, 2, 3, 4, 5])
    expect(steps[2]).toMatchObject({ from: 'IN_REVIEW', to: 'CHANGES_REQUESTED', body: 'Smaller, please' }) // prettier-ignore
  })

  it('is not decided by who asked, while somebody else could', async () => {
    const { id } = await request(ada)
    const approve = { id, version: 1, decision: 'APPROVE' } as const
    const { reviews, reviewDeciders } = api.services
    const review = await reviews.get(ada, id)
    expect(await reviewDeciders.whyNot(ada, review!)).toContain('somebody else')
    expect(await reviewDeciders.whyNot(bea, review!)).toBeNull()
    await expect(reviews.decide(ada, approve)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(reviews.decide(ann, approve)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(reviews.withdraw(bea, { id, version: 1 })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    })
    await expect(reviews.submit(ada, { id, version: 1 })).rejects.toMatchObject({
      code: 'REVIEW_STATE',
    })
    await expect(reviews.decide(bea, { ...approve, version: 9 })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: 'Somebody was faster: the review is at version 1, in review.',
    })
    await expect(
      reviews.decide(bea, { ...approve, decision: 'REQUEST_CHANGES', body: ' ' }),
    ).rejects.toMatchObject({ code: 'TEXT_EMPTY', field: 'body' })
  })

  it('is decided by who asked where nobody else could, and the history says so', async () => {
    const alone = await addStranger(api)
    const { reviews } = api.services
    const { prisma } = api.database
    const model = await prisma.model.findUniqueOrThrow({ where: { id: api.modelId } })
    const { projectId } = alone
    const id = randomUUID()
    const copy = { ...model, id, projectId, searchKey: model.searchKey + 1_000 }
    const theirs = await prisma.model.create({ data: copy })
    const edit = await prisma.edit.create({
      data: {
        ...{ projectId: alone.projectId, authorId: alone.userId, modelId: theirs.id, requests: [] },
        ...{ method: 'rome', probes: {}, hyperparameters: {}, digest: 'd' },
      },
    })
    const review = await request(alone, { subjectId: edit.id })
    expect((await list(alone, { waitingForMe: true })).totalCount).toBe(1)
    await reviews.decide(alone, { id: review.id, version: 1, decision: 'APPROVE' })
    const events = await api.services.reviewRows.events([review.id])
    expect(events.map(({ kind }) => kind)).toEqual(['requested', 'self-approved'])
    await expect(reviews.decide(ada, { id: review.id, version: 2, decision: 'APPROVE' })).rejects.toMatchObject({ code: 'REVIEW_NOT_FOUND' }) // prettier-ignore
    expect(await reviews.get(ada, review.id)).toBeNull()
  })

  it('of an annotation accepts it, and proposes it again when it is taken back', async () => {
    const subjectId = await addAnnotation(ann)
    const subject = { subjectKind: 'ANNOTATION', subjectId } as const
    const other = await addAnnotation(ada)
    await expect(request(ann, { ...subject, subjectId: other })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    })
    await expect(request(ann)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    const { id } = await request(ann, subject)
    const { reviews } = api.services
    const stateNow = async () =>
      (await api.database.prisma.annotation.findUniqueOrThrow({ where: { id: subjectId } })).state
    await reviews.decide(bea, { id, version: 1, decision: 'APPROVE' })
    expect(await stateNow()).toBe('ACCEPTED')
    await reviews.reopen(ann, { id, version: 2, body: 'Once more' })
    expect(await stateNow()).toBe('PROPOSED')
    await reviews.withdraw(ann, { id, version: 3 })
    const events = await api.services.reviewRows.events([id])
    expect(events.map(({ kind }) => kind)).toEqual([
      ...['requested', 'approved', 'reopened', 'withdrawn'],
    ])
  })

  it('is stale once its subject changed', async () => {
    const subjectId = await addAnnotation(ann)
    const made = await request(ann, { subjectKind: 'ANNOTATION', subjectId })
    const { reviews } = api.services
    expect(await reviews.stale(ada, [made])).toEqual([false])
    await api.database.prisma.annotation.update({
      where: { id: subjectId },
      data: { version: { increment: 1 } },
    })
    expect(await reviews.stale(ada, [made])).toEqual([true])
  })

  it('is made once for each clientMutationId, and one at a time for each thing', async () => {
    const subjectId = await addEditRow(api, ada)
    const input = { subjectId, clientMutationId: 'r1' }
    const made = await Promise.all(Array.from({ length: 10 }, () => request(ada, input)))
    expect(new Set(made.map(({ id }) => id)).size).toBe(1)
    expect(await api.database.prisma.review.count({ where: { subjectId } })).toBe(1)
    expect(await kindsIn(bea, made[0]!.id)).toEqual(['review-requested'])
    await expect(request(bea, { subjectId })).rejects.toMatchObject({ code: 'REVIEW_OPEN' })
    const raced = await addEditRow(api, ada)
    const answers = await Promise.all(
      [ada, bea, ada, bea].map((one) => request(one, { subjectId: raced }).catch((e) => e.code)),
    )
    expect(answers.filter((answer) => answer === 'REVIEW_OPEN')).toHaveLength(3)
  })

  it('waits for those who are asked by name or role, the longest first', async () => {
    const { reviews } = api.services
    const named = await request(ada, { reviewerIds: [bea.userId] })
    const byRole = await request(ada, { reviewerRoles: ['ADMIN'] })
    const mine = await request(bea)
    const waiting = async (viewer: Viewer) =>
      (await list(viewer, { waitingForMe: true }, 'WAITING')).edges.map(({ node }) => node.id)
    expect(await waiting(bea)).toContain(named.id)
    expect(await waiting(bea)).not.toContain(byRole.id)
    expect(await waiting(bea)).not.toContain(mine.id)
    expect(await waiting(api.viewer)).toContain(byRole.id)
    expect(await waiting(ann)).toEqual([])
    const changed = await reviews.changeReviewers(ada, {
      ...{ id: byRole.id, version: 1, reviewerIds: [bea.userId], reviewerRoles: [] },
    })
    expect(changed).toMatchObject({ state: 'IN_REVIEW', version: 2, round: 1 })
    expect(await kindsIn(bea, byRole.id)).toEqual(['review-requested'])
    const all: string[] = []
    for (let after: string | null = null; ;) {
      const page = await reviews.list(ada, reviewPage(2, after, 'WAITING'), {})
      all.push(...page.edges.map(({ node }) => node.id))
      if (!page.pageInfo.hasNextPage) break
      after = page.pageInfo.endCursor
    }
    expect(new Set(all).size).toBe(all.length)
    expect(all).toHaveLength((await list(ada, {})).totalCount)
    const order = (await waiting(bea)).map((id) => all.indexOf(id))
    expect(order).toEqual(order.toSorted((a, b) => a - b))
  })

  it('asks only people of the team, and roles that may decide', async () => {
    const stranger = await addStranger(api)
    await expect(request(ada, { reviewerIds: [stranger.userId] })).rejects.toMatchObject({
      ...{ code: 'REVIEWER_NOT_FOUND', field: 'reviewerIds' },
    })
    await expect(request(ada, { reviewerIds: ['nobody'] })).rejects.toMatchObject({
      code: 'REVIEWER_NOT_FOUND',
    })
    await expect(request(ada, { reviewerRoles: ['VIEWER'] })).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
    })
    await expect(request(stranger, { subjectId: await addEditRow(api) })).rejects.toMatchObject({
      ...{ code: 'EDIT_NOT_FOUND', field: 'subjectId' },
    })
    const waiting = await addEditRow(api, ada, { digest: null })
    await expect(request(ada, { subjectId: waiting })).rejects.toMatchObject({
      code: 'EDIT_NOT_COMPUTED',
    })
    await expect(request(ada, { body: 'x'.repeat(20_001) })).rejects.toMatchObject({
      code: 'TEXT_TOO_LONG',
    })
    await expect(request(ada, { title: 'a\0' })).rejects.toMatchObject({ code: 'TEXT_INVALID' })
  })

  it('is seen step by step by whoever watches', async () => {
    const { id } = await request(ada)
    const client = createClient({ url: api.webSocketUrl, webSocketImpl: WebSocket })
    const seen: string[] = []
    const watched = (async () => {
      type Data = {
        reviewChanged: { state: string; version: number; history: { kind: string }[] }
      }
      const query = `subscription { reviewChanged(id: "${id}") { state version history { kind } } }`
      for await (const { data } of client.iterate<Data>({ query }))
        if (data) {
          const { version, state, history } = data.reviewChanged
          seen.push(`${version} ${state}: ${history.map(({ kind }) => kind).join(', ')}`)
        }
    })()
    await eventually(async () => seen.length, (count) => count === 1) // prettier-ignore
    await api.services.reviews.decide(bea, { id, version: 1, decision: 'APPROVE' })
    await eventually(async () => seen.length, (count) => count === 2) // prettier-ignore
    expect(seen).toEqual(['1 IN_REVIEW: requested', '2 APPROVED: requested, approved'])
    await client.dispose()
    await watched
  })
})
