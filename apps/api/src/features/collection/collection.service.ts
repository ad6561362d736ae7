// What can be done with collections and their items.
import { mayAct } from '../../access/authorize.js'
import { badCursor } from '../../errors/input-error.js'
import { UserFailure, notFound } from '../../errors/user-failure.js'
import { connectionOf, decodeCursor, encodeCursor, pageSize } from '../../pagination/connection.js'
import type { Connection, PageRequest, TimePosition } from '../../pagination/connection.js'
import { encodeTimeCursor, isUuid } from '../../pagination/time-cursor.js'
import type { AccountRepository } from '../account/account.repository.js'
import type { Viewer } from '../account/viewer.js'
import type { AnchorService } from '../anchor/anchor.service.js'
import { checkVersion } from '../annotation/annotation-text.js'
import { checkText } from '../text-rules.js'
import { mostItems } from './collection-item.repository.js'
import type {
  CollectionItemRepository,
  ItemPosition,
  ItemRow,
} from './collection-item.repository.js'
import type {
  AddToCollectionInput,
  CreateCollectionInput,
  UpdateCollectionInput,
  UpdateCollectionItemInput,
} from './collection.input.js'
import type { CollectionRepository, CollectionRow } from './collection.repository.js'
import type { Collection, CollectionItem } from './collection.type.js'

const limits = {
  ...{ name: 120, description: 5_000, note: 2_000, clientMutationId: 200, anchors: 500 },
} as const

export interface CollectionServiceParts {
  readonly collections: CollectionRepository
  readonly items: CollectionItemRepository
  readonly anchors: AnchorService
  readonly accounts: AccountRepository
}

export class CollectionService {
  readonly #parts: CollectionServiceParts

  constructor(parts: CollectionServiceParts) {
    this.#parts = parts
  }

  async list(
    viewer: Viewer,
    page: PageRequest<TimePosition>,
    search: string | null | undefined,
  ): Promise<Connection<Collection>> {
    const text = checkText(search?.trim(), 'filter.search', 500)
    const found = await this.#parts.collections.page(viewer.projectId, page, text)
    const { rows, totalCount } = found
    const cursorOf = encodeTimeCursor
    return connectionOf(rows, { ...page, totalCount, cursorOf, nodeOf: toCollection })
  }

  async byIds(viewer: Viewer, ids: readonly string[]): Promise<Collection[]> {
    const rows = await this.#parts.collections.byIds(viewer.projectId, ids.filter(isUuid))
    return rows.map(toCollection)
  }

  itemCounts(ids: readonly string[]): Promise<Map<string, number>> {
    return this.#parts.collections.itemCounts(ids)
  }

  /** @param collectionId of a collection that was read from the viewer's project */
  async items(
    collectionId: string,
    first: number | null,
    cursor: string | null | undefined,
  ): Promise<Connection<CollectionItem>> {
    const after = itemPosition(cursor)
    const page = { first: pageSize(first), after }
    const { rows, totalCount } = await this.#parts.items.page(collectionId, page.first, after)
    const cursorOf = ({ place, id }: ItemRow): string => encodeCursor([place, id])
    return connectionOf(rows, { ...page, totalCount, cursorOf, nodeOf: toItem })
  }

  async create(viewer: Viewer, input: CreateCollectionInput): Promise<Collection> {
    const { collections, accounts } = this.#parts
    const id = input.clientMutationId
    const { row, isNew } = await collections.create({
      ...{ projectId: viewer.projectId, authorId: viewer.userId },
      name: nameOf(input.name),
      description: checkText(input.description, 'description', limits.description) ?? '',
      clientMutationId: checkText(id, 'clientMutationId', limits.clientMutationId),
    })
    if (isNew) await accounts.recordEvent(viewer, 'collection.create', row.id)
    else accounts.leaveToFirst(viewer)
    return toCollection(row)
  }

  /** @throws CONFLICT with the current version when another one was seen */
  async update(viewer: Viewer, input: UpdateCollectionInput): Promise<Collection> {
    const { collections, accounts } = this.#parts
    const version = checkVersion(input.version)
    const { projectId } = viewer
    const row = await this.#require(viewer, input.id)
    const text = {
      name: input.name === undefined || input.name === null ? row.name : nameOf(input.name),
      description:
        input.description === undefined
          ? row.description
          : (checkText(input.description, 'description', limits.description) ?? ''),
    }
    const next = await collections.update({ projectId, id: row.id, version }, text)
    if (next === null) {
      const { version: current } = await this.#require(viewer, input.id)
      throw changedMeanwhile(version, current)
    }
    await accounts.recordEvent(viewer, 'collection.update', row.id, { version: next.version })
    return toCollection(next)
  }

  async remove(viewer: Viewer, id: string): Promise<string> {
    const row = await this.#require(viewer, id)
    if (row.authorId !== viewer.userId && !mayAct(viewer, 'administer'))
      throw new UserFailure('FORBIDDEN', 'Somebody else made this collection.', {
        field: 'id',
        cure: 'Ask them, or an admin, to delete it.',
      })
    if (!(await this.#parts.collections.remove(viewer.projectId, row.id)))
      throw notFound('collection', 'id')
    await this.#parts.accounts.recordEvent(viewer, 'collection.delete', row.id)
    return row.id
  }

  async add(
    viewer: Viewer,
    { collectionId, anchors, note }: AddToCollectionInput,
  ): Promise<{ collection: Collection; added: number; skipped: number }> {
    checkCount(anchors.length)
    const text = checkText(note, 'note', limits.note) ?? ''
    const row = await this.#require(viewer, collectionId, 'collectionId')
    const checked = await this.#parts.anchors.checkAll(viewer, anchors)
    const items = checked.map(({ kind, key, stored }) => ({
      ...{ anchorKind: kind, anchorKey: key, anchor: { ...stored }, note: text },
    }))
    const { projectId, userId } = viewer
    const added = await this.#parts.items.add(projectId, row.id, userId, items)
    if (added === null) throw notFound('collection', 'collectionId')
    if (added === 'full') throw full()
    if (added > 0)
      await this.#parts.accounts.recordEvent(viewer, 'collection.add', row.id, { added })
    const collection = toCollection(await this.#require(viewer, row.id, 'collectionId'))
    return { collection, added, skipped: anchors.length - added }
  }

  async updateItem(viewer: Viewer, input: UpdateCollectionItemInput): Promise<CollectionItem> {
    const { id, note, place } = input
    if (typeof place === 'number' && place < 0)
      throw new UserFailure('BAD_ARGUMENT', `${place} is no place.`, {
        field: 'place',
        cure: 'Count places from 0.',
      })
    const text = checkText(note, 'note', limits.note) ?? ''
    const item = await this.#item(viewer, id, 'id')
    const changed = await this.#parts.items.update(viewer.projectId, item, {
      ...(note === undefined ? {} : { note: text }),
      ...(typeof place === 'number' ? { place } : {}),
    })
    if (changed === null) throw notFound('item', 'id')
    await this.#parts.accounts.recordEvent(viewer, 'collection.change-item', item.id)
    return toItem(changed)
  }

  async removeItem(viewer: Viewer, id: string): Promise<string> {
    const item = await this.#item(viewer, id, 'itemId')
    if (!(await this.#parts.items.remove(viewer.projectId, item))) throw notFound('item', 'itemId')
    const detail = { anchor: item.anchorKey }
    await this.#parts.accounts.recordEvent(viewer, 'collection.remove', item.collectionId, detail)
    return item.id
  }

  async #item(viewer: Viewer, id: string, field: string): Promise<ItemRow> {
    const item = isUuid(id) ? await this.#parts.items.find(viewer.projectId, id) : null
    if (item === null) throw notFound('item', field)
    return item
  }

  async #require(viewer: Viewer, id: string, field = 'id'): Promise<CollectionRow> {
    const row = isUuid(id) ? await this.#parts.collections.find(viewer.projectId, id) : null
    if (row === null) throw notFound('collection', field)
    return row
  }
}

function nameOf(name: string): string {
  const clean = checkText(name.trim(), 'name', limits.name)
  if (clean !== null) return clean
  throw new UserFailure('NAME_EMPTY', 'The name is empty.', {
    field: 'name',
    cure: 'Give the collection a name.',
  })
}

function checkCount(count: number): void {
  if (count > 0 && count <= limits.anchors) return
  throw new UserFailure(
    'BAD_ARGUMENT',
    `${count} things cannot be added at once: from 1 to ${limits.anchors} can.`,
    { field: 'anchors', cure: 'Add them in several calls.' },
  )
}

const full = (): UserFailure =>
  new UserFailure('COLLECTION_FULL', `A collection holds at most ${mostItems} things.`, {
    field: 'anchors',
    cure: 'Make another collection.',
  })

const changedMeanwhile = (seen: number, current: number): UserFailure =>
  new UserFailure(
    'CONFLICT',
    `Version ${seen} was seen, but the collection is at version ${current} by now.`,
    { field: 'version', cure: 'Reload it, look at what changed, and change it again.' },
  )

function itemPosition(cursor: string | null | undefined): ItemPosition | null {
  if (cursor === null || cursor === undefined) return null
  const [place, id] = decodeCursor(cursor, 2) ?? []
  if (!Number.isInteger(place) || Math.abs(place as number) > 2 ** 31 - 1 || !isUuid(String(id)))
    throw badCursor(cursor)
  return { place: place as number, id: String(id) }
}

const toCollection = (row: CollectionRow): Collection => {
  const { id, name, description, version, createdAt, updatedAt, authorId } = row
  return { id, name, description, version, createdAt, updatedAt, authorId }
}

const toItem = (row: ItemRow): CollectionItem => {
  const { id, place, note, createdAt, addedById, anchorKey, anchor } = row
  return { id, place, note, createdAt, addedById, anchorKey, anchorJson: anchor }
}
