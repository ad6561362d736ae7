// People of a test's team as viewers, made without signing in: for tests of services.
import { randomUUID } from 'node:crypto'
import type { Role } from '../access/roles.js'
import type { Viewer } from '../features/account/viewer.js'
import { roleNames } from '../vocabulary/role-names.js'
import type { TestApi } from './test-api.js'

/** Somebody new in the team of the test's project. */
export async function addViewer(api: TestApi, role: Role, handle: string): Promise<Viewer> {
  const { prisma } = api.database
  const { teamId } = api.viewer
  const user = await prisma.user.create({ data: { handle, name: `Name of ${handle}` } })
  await prisma.membership.create({
    data: { teamId, userId: user.id, role: roleNames.fromEngine(role) },
  })
  return { ...api.viewer, userId: user.id, userName: user.name, role, via: 'session' }
}

/** An admin of another team, in another project. */
export async function addStranger(api: TestApi): Promise<Viewer> {
  const { prisma } = api.database
  const mark = randomUUID().slice(0, 8)
  const user = await prisma.user.create({ data: { handle: `stranger-${mark}`, name: 'Stranger' } })
  const team = await prisma.team.create({ data: { slug: mark, name: 'Others' } })
  const project = await prisma.project.create({
    data: { teamId: team.id, slug: 'p', name: 'Other project' },
  })
  await prisma.membership.create({ data: { teamId: team.id, userId: user.id, role: 'ADMIN' } })
  return {
    ...{ ...api.viewer, userId: user.id, userName: user.name, role: 'admin', via: 'session' },
    ...{ teamId: team.id, projectId: project.id, projectName: project.name },
  }
}

/** A row of a computed edit without its content, of the test's model. */
export async function addEditRow(
  api: TestApi,
  author: Viewer = api.viewer,
  values: { readonly digest?: string | null; readonly name?: string } = {},
): Promise<string> {
  const { projectId, userId: authorId } = author
  const row = await api.database.prisma.edit.create({
    data: {
      ...{ projectId, authorId, modelId: api.modelId, method: 'rome', name: values.name ?? 'Edit' },
      ...{ requests: [], probes: {}, hyperparameters: {} },
      digest: values.digest === undefined ? randomUUID() : values.digest,
    },
  })
  return row.id
}

/** A row of a lens run. */
export async function addRunRow(
  api: TestApi,
  configDigest: string,
  owner: Viewer = api.viewer,
): Promise<string> {
  const { projectId, userId: authorId } = owner
  const row = await api.database.prisma.lensRun.create({
    data: {
      ...{ projectId, authorId, modelId: api.modelId, configDigest, promptText: 'The sky is' },
      ...{ targetText: ' blue', promptIds: [1, 2, 3], targetIds: [4], targetMode: 'FIRST' },
      ...{ lens: 'FINAL_NORM', topK: 10, matrices: ['MLP_UP', 'MLP_DOWN'] },
    },
  })
  return row.id
}
