// The rows that anchors point at, by kind: existence in a project, and what a title needs. One query a kind.
import type { Database } from '../../database/index.js'
import type { Head, Heads, RunHead, WantedHeads } from './anchor-heads.js'
import type { RowKind } from './anchor.js'

type Find = (projectId: string, ids: string[]) => Promise<Head[]>

/** The newest run of a configuration, for links. */
export interface NewestRun {
  readonly configDigest: string
  readonly id: string
  readonly modelId: string
}

export class AnchorRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Ids that are not UUIDs must not come here. */
  async heads(projectId: string, wanted: WantedHeads): Promise<Heads> {
    const kinds = [...wanted.rows]
    const found = await Promise.all(
      kinds.map(([kind, ids]) => this.#finders[kind](projectId, [...ids])),
    )
    const models = await this.#models(projectId, [...wanted.models])
    return {
      rows: new Map(kinds.map(([kind], index) => [kind, byId(found[index] ?? [])])),
      models: byId(models),
    }
  }

  async newestRuns(projectId: string, digests: readonly string[]): Promise<NewestRun[]> {
    if (digests.length === 0) return []
    return this.#database.prisma.lensRun.findMany({
      where: { projectId, configDigest: { in: [...digests] } },
      distinct: ['configDigest'],
      orderBy: [{ configDigest: 'asc' }, { createdAt: 'desc' }, { id: 'desc' }],
      select: { configDigest: true, id: true, modelId: true },
    })
  }

  async #models(projectId: string, ids: string[]) {
    if (ids.length === 0) return []
    const rows = await this.#database.prisma.model.findMany({
      where: { projectId, id: { in: ids } },
      select: { id: true, name: true, layers: true, directory: true },
    })
    return rows.map(({ name, ...row }) => ({ ...row, title: name }))
  }

  async #runs(projectId: string, ids: string[]): Promise<RunHead[]> {
    const rows = await this.#database.prisma.lensRun.findMany({
      where: { projectId, id: { in: ids } },
      select: {
        ...{ id: true, name: true, promptText: true, targetText: true, configDigest: true },
        ...{ modelId: true, matrices: true, promptIds: true, targetIds: true },
        model: { select: { layers: true } },
      },
    })
    return rows.map(({ name, promptText, targetText, promptIds, targetIds, model, ...row }) => ({
      ...row,
      title: name ?? quoted(promptText, targetText),
      layers: model.layers,
      positions: promptIds.length + targetIds.length,
    }))
  }

  async #edits(projectId: string, ids: string[]): Promise<Head[]> {
    const rows = await this.#database.prisma.edit.findMany({
      where: { projectId, id: { in: ids } },
      select: { id: true, name: true, method: true, requests: true },
    })
    return rows.map(({ id, name, method, requests }) => ({
      ...{ id, title: name ?? `${method}: ${firstRequest(requests)}` },
    }))
  }

  readonly #finders: Readonly<Record<RowKind, Find>> = {
    RUN: (projectId, ids) => this.#runs(projectId, ids),
    EDIT: (projectId, ids) => this.#edits(projectId, ids),
    EVALUATION: async (projectId, ids) => {
      const where = { projectId, id: { in: ids } }
      const select = { id: true, name: true, cases: true }
      const rows = await this.#database.prisma.evaluation.findMany({ where, select })
      return rows.map(({ name, ...row }) => ({ ...row, title: name }))
    },
    ANNOTATION: async (projectId, ids) => {
      const where = { projectId, id: { in: ids } }
      const select = { id: true, label: true }
      const rows = await this.#database.prisma.annotation.findMany({ where, select })
      return rows.map(({ id, label }) => ({ id, title: label }))
    },
    REVIEW: (projectId, ids) =>
      this.#database.prisma.review.findMany({
        where: { projectId, id: { in: ids } },
        select: { id: true, title: true },
      }),
    PROMPT: async (projectId, ids) => {
      const where = { projectId, id: { in: ids } }
      const select = { id: true, text: true, target: true }
      const rows = await this.#database.prisma.prompt.findMany({ where, select })
      return rows.map(({ id, text, target }) => ({ id, title: quoted(text, target) }))
    },
    DATASET: async (projectId, ids) => {
      const where = { projectId, id: { in: ids } }
      const select = { id: true, name: true, version: true }
      const rows = await this.#database.prisma.dataset.findMany({ where, select })
      return rows.map(({ id, name, version }) => ({ id, title: `${name} v${version}` }))
    },
    FIGURE_SET: async (projectId, ids) => {
      const where = { projectId, id: { in: ids } }
      const select = { id: true, name: true }
      const rows = await this.#database.prisma.figureSet.findMany({ where, select })
      return rows.map(({ id, name }) => ({ id, title: name }))
    },
    COLLECTION: async (projectId, ids) => {
      const where = { projectId, id: { in: ids } }
      const select = { id: true, name: true }
      const rows = await this.#database.prisma.collection.findMany({ where, select })
      return rows.map(({ id, name }) => ({ id, title: name }))
    },
  }
}

const byId = <Row extends { readonly id: string }>(rows: readonly Row[]): Map<string, Row> =>
  new Map(rows.map((row) => [row.id, row]))

const longestTitle = 80

function quoted(text: string | null, target: string | null): string {
  const whole = `“${(text ?? 'token ids').trim()}”${target ? ` → ${target.trim()}` : ''}`
  return whole.length > longestTitle ? `${whole.slice(0, longestTitle - 1)}…` : whole
}

function firstRequest(requests: unknown): string {
  const [first] = requests as { prompt: string; subject: string; target: string }[]
  return first === undefined
    ? 'no request'
    : quoted(
        first.prompt.replace('{}', () => first.subject),
        first.target,
      )
}
