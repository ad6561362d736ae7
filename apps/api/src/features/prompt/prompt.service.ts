// What can be done with saved prompts.
import { UserFailure, notFound } from '../../errors/user-failure.js'
import { connectionOf } from '../../pagination/connection.js'
import type { Connection, PageRequest, TimePosition } from '../../pagination/connection.js'
import { encodeTimeCursor, isUuid } from '../../pagination/time-cursor.js'
import type { AccountRepository } from '../account/account.repository.js'
import type { Viewer } from '../account/viewer.js'
import { checkText } from '../text-rules.js'
import type { PromptFilter, SavePromptInput, UpdatePromptInput } from './prompt.input.js'
import type { PromptChanges, PromptRepository, PromptRow } from './prompt.repository.js'
import type { Prompt } from './prompt.type.js'

const limits = {
  text: 20_000,
  target: 2_000,
  note: 5_000,
  tag: 50,
  tags: 20,
  clientMutationId: 200,
} as const

export class PromptService {
  readonly #prompts: PromptRepository
  readonly #accounts: AccountRepository
  readonly #modelExists: (viewer: Viewer, modelId: string) => Promise<boolean>

  constructor(
    prompts: PromptRepository,
    accounts: AccountRepository,
    modelExists: (viewer: Viewer, modelId: string) => Promise<boolean>,
  ) {
    this.#prompts = prompts
    this.#accounts = accounts
    this.#modelExists = modelExists
  }

  async list(
    viewer: Viewer,
    page: PageRequest<TimePosition>,
    filter: PromptFilter,
  ): Promise<Connection<Prompt>> {
    const conditions = { search: filter.search?.trim(), tag: filter.tag?.trim().toLowerCase() }
    const { rows, totalCount } = await this.#prompts.page(viewer.projectId, page, conditions)
    return connectionOf(rows, { ...page, totalCount, cursorOf: encodeTimeCursor, nodeOf: toPrompt })
  }

  tags(viewer: Viewer): Promise<string[]> {
    return this.#prompts.tags(viewer.projectId)
  }

  async byIds(viewer: Viewer, ids: readonly string[]): Promise<Prompt[]> {
    return (await this.#prompts.byIds(viewer.projectId, ids.filter(isUuid))).map(toPrompt)
  }

  async save(viewer: Viewer, input: SavePromptInput): Promise<Prompt> {
    if (input.text.trim() === '') {
      const cure = 'Write a prompt, such as "The capital of France is".'
      throw new UserFailure('PROMPT_EMPTY', 'The prompt is empty.', { field: 'text', cure })
    }
    checkText(input.text, 'text', limits.text)
    const modelId = input.modelId ?? null
    if (modelId !== null && !(await this.#modelExists(viewer, modelId)))
      throw notFound('model', 'modelId')
    const row = await this.#prompts.create({
      projectId: viewer.projectId,
      authorId: viewer.userId,
      modelId,
      text: input.text,
      target: checkText(input.target, 'target', limits.target),
      tags: cleanTags(input.tags ?? []),
      note: checkText(input.note, 'note', limits.note),
      clientMutationId: checkText(
        input.clientMutationId,
        'clientMutationId',
        limits.clientMutationId,
      ),
    })
    await this.#accounts.recordEvent(viewer, 'prompt.save', row.id)
    return toPrompt(row)
  }

  async update(viewer: Viewer, input: UpdatePromptInput): Promise<Prompt> {
    const changes: PromptChanges = {}
    if (input.tags) changes.tags = cleanTags(input.tags)
    if (input.note !== undefined) changes.note = checkText(input.note, 'note', limits.note)
    if (input.target !== undefined)
      changes.target = checkText(input.target, 'target', limits.target)
    const row = isUuid(input.id)
      ? await this.#prompts.update(viewer.projectId, input.id, changes)
      : null
    if (row === null) throw notFound('prompt', 'id')
    return toPrompt(row)
  }

  async remove(viewer: Viewer, id: string): Promise<string> {
    if (!isUuid(id) || !(await this.#prompts.remove(viewer.projectId, id)))
      throw notFound('prompt', 'id')
    await this.#accounts.recordEvent(viewer, 'prompt.delete', id)
    return id
  }
}

/** Lower case, trimmed, each once, in alphabetical order. */
function cleanTags(tags: readonly string[]): string[] {
  const clean = [...new Set(tags.map((tag) => tag.trim().toLowerCase()).filter(Boolean))].sort()
  clean.forEach((tag) => checkText(tag, 'tags', limits.tag))
  if (clean.length <= limits.tags) return clean
  throw new UserFailure('TOO_MANY_TAGS', `${clean.length} tags are more than ${limits.tags}.`, {
    field: 'tags',
    cure: `Keep the ${limits.tags} that matter.`,
  })
}

function toPrompt(row: PromptRow): Prompt {
  const { id, text, target, tags, note, createdAt, updatedAt, modelId, authorId } = row
  return { id, text, target, tags, note, createdAt, updatedAt, modelId, authorId }
}
