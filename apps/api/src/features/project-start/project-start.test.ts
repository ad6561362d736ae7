import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestApi } from '../../testing/test-api.js'
import type { TestApi } from '../../testing/test-api.js'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.stop())

it('the bundled facts and their slices are there after the first start, and once after the second', async () => {
  const start = await api.services.projectStart.fill(api.viewer)
  expect(start.datasets).toBe(1)
  expect(await api.services.projectStart.fill(api.viewer)).toEqual(start)
  const { data } = await api.graphql(
    '{ datasets { edges { node { name version cases rejected bundled protocols } } } slices { edges { node { name cases state } } } }',
  )
  expect(data.datasets.edges).toEqual([
    {
      node: {
        ...{ name: 'Bundled facts', version: 1, cases: 1500, rejected: 0, bundled: true },
        protocols: ['counterfact', 'counterfact-reduced', 'backward-lens', 'easyedit', 'zsre'],
      },
    },
  ])
  expect(data.slices.edges).toEqual([
    { node: { name: '100 facts', cases: 100, state: 'DONE' } },
    { node: { name: '1,000 facts for tables', cases: 1000, state: 'DONE' } },
  ])
})

it('a second project starts with the models and facts of the first, and each has its own', async () => {
  const { data } = await api.graphql(
    'mutation { createProject(input: { name: "Second" }) { project { id } errors { code } } }',
  )
  expect(data.createProject.errors).toEqual([])
  const second = { ...api.viewer, projectId: data.createProject.project.id as string }
  const [first, other] = await Promise.all(
    [api.viewer, second].map(({ projectId }) =>
      api.database.prisma.project.findUniqueOrThrow({
        where: { id: projectId },
        select: {
          models: { select: { id: true, name: true, bundled: true } },
          datasets: { select: { id: true, name: true, bundled: true } },
          slices: { select: { name: true } },
        },
      }),
    ),
  )
  const named = (rows: { name: string; bundled: boolean }[] = []) =>
    rows
      .map(({ name, bundled }) => ({ name, bundled }))
      .toSorted((one, next) => one.name.localeCompare(next.name))
  expect(named(other?.models)).toContainEqual({ name: 'facts-gpt2', bundled: true })
  expect(named(other?.models)).toEqual(named(first?.models))
  expect(named(other?.datasets)).toEqual(named(first?.datasets))
  expect(other?.slices).toHaveLength(2)
  const ids = (project: typeof first) =>
    [...(project?.models ?? []), ...(project?.datasets ?? [])].map(({ id }) => id)
  expect(ids(first).filter((id) => ids(other).includes(id))).toEqual([])
})
