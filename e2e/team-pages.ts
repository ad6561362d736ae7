// Pages of people, neurons, notes and reviews, with what they show.
import { expect, type Page } from '@playwright/test'
import { ask, bundledModelId, finishedEdits } from './api.js'
import type { PageUnderTest } from './pages.js'

const neuron = { layer: 1, index: 7 } as const

async function annotatedNeuron(): Promise<string> {
  const modelId = await bundledModelId()
  const anchor = { kind: 'NEURON', modelId, ...neuron }
  const input = { anchor, label: 'a made-up label', tags: ['made up'], clientMutationId: 'e2e' }
  const query = `mutation($input: AnnotationInput!) { annotateNeuron(input: $input) { annotation { id } errors { message } } }`
  const { annotateNeuron } = await ask<{ annotateNeuron: { annotation: { id: string } } }>(query, {
    input,
  })
  return annotateNeuron.annotation.id
}

async function collection(): Promise<string> {
  await annotatedNeuron()
  const modelId = await bundledModelId()
  const { createCollection } = await ask<{ createCollection: { collection: { id: string } } }>(
    `mutation($input: CreateCollectionInput!) { createCollection(input: $input) { collection { id } errors { message } } }`,
    { input: { name: 'Made up', description: 'For a look.', clientMutationId: 'e2e' } },
  )
  const { id } = createCollection.collection
  await ask(
    `mutation($input: AddToCollectionInput!) { addToCollection(input: $input) { added errors { message } } }`,
    { input: { collectionId: id, anchors: [{ kind: 'NEURON', modelId, ...neuron }], note: 'One' } },
  )
  return id
}

async function review(): Promise<string> {
  const [subjectId] = await finishedEdits()
  const query = `mutation($input: RequestReviewInput!) { requestReview(input: $input) { review { id } errors { message } } }`
  const { requestReview } = await ask<{ requestReview: { review: { id: string } } }>(query, {
    input: {
      ...{ subjectKind: 'EDIT', subjectId, title: 'Look at it', clientMutationId: 'e2e' },
      reviewerRoles: ['ADMIN'],
    },
  })
  return requestReview.review.id
}

const shows =
  (testId: string) =>
  (page: Page): Promise<void> =>
    expect(page.getByTestId(testId).first()).toBeVisible({ timeout: 30_000 })

export const teamPages: readonly PageUnderTest[] = [
  { name: 'home', path: '/home', ready: shows('home-tries'), withinScriptBudget: true },
  {
    name: 'neurons',
    path: '/models/',
    prepare: async () => `${await bundledModelId()}/neurons/1`,
    ready: shows('neurons-page'),
    withinScriptBudget: true,
  },
  {
    name: 'neuron',
    path: '/models/',
    prepare: async () => {
      await annotatedNeuron()
      return `${await bundledModelId()}/neurons/${neuron.layer}/${neuron.index}`
    },
    ready: shows('annotation'),
    withinScriptBudget: true,
  },
  {
    name: 'annotations',
    path: '/annotations',
    prepare: async () => (await annotatedNeuron(), ''),
    ready: (page) => expect(page.getByText('a made-up label').first()).toBeVisible(),
    withinScriptBudget: true,
  },
  {
    name: 'collections',
    path: '/collections',
    prepare: async () => (await collection(), ''),
    ready: shows('collection-row'),
    withinScriptBudget: true,
  },
  {
    name: 'collection',
    path: '/collections/',
    prepare: collection,
    ready: shows('collection-item'),
    withinScriptBudget: true,
  },
  {
    name: 'reviews',
    path: '/reviews?tab=all',
    prepare: async () => (await review(), ''),
    ready: shows('reviews'),
    withinScriptBudget: true,
  },
  {
    name: 'review',
    path: '/reviews/',
    prepare: review,
    ready: shows('review-page'),
    withinScriptBudget: true,
  },
  { name: 'inbox', path: '/inbox', ready: shows('inbox'), withinScriptBudget: true },
  {
    name: 'activity',
    path: '/activity',
    prepare: async () => (await review(), ''),
    ready: shows('activity-item'),
    withinScriptBudget: true,
  },
  { name: 'team', path: '/team', ready: shows('member-row'), withinScriptBudget: true },
  { name: 'audit', path: '/team/audit', ready: shows('audit-row'), withinScriptBudget: true },
  { name: 'settings', path: '/settings', ready: shows('api-key-form'), withinScriptBudget: true },
]
