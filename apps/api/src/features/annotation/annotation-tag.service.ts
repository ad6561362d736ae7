// Which tags there are, and which could fit.
import type { Viewer } from '../account/viewer.js'
import type { AnchorInput } from '../anchor/anchor.input.js'
import type { AnchorService } from '../anchor/anchor.service.js'
import { checkText } from '../text-rules.js'
import type { AnnotationTagRepository, CountedTag } from './annotation-tag.repository.js'
import { annotationLimits } from './annotation-text.js'
import type { TagCount } from './annotation.type.js'

const mostTags = 200
const mostSuggestions = 12
const keptMilliseconds = 3_000
/** What one annotation of a source is worth. */
const worth = { same: 3, beside: 1, alike: 2 } as const

export class AnnotationTagService {
  readonly #tags: AnnotationTagRepository
  readonly #anchors: AnchorService
  /** Counting reads every annotation, so that one count serves all who ask within some seconds. */
  readonly #counted = new Map<string, { readonly at: number; readonly tags: Promise<TagCount[]> }>()

  constructor(tags: AnnotationTagRepository, anchors: AnchorService) {
    this.#tags = tags
    this.#anchors = anchors
  }

  counts({ projectId }: Viewer, now = Date.now()): Promise<TagCount[]> {
    const known = this.#counted.get(projectId)
    if (known !== undefined && now - known.at < keptMilliseconds) return known.tags
    for (const [id, { at }] of this.#counted)
      if (now - at >= keptMilliseconds) this.#counted.delete(id)
    const tags = this.#tags.counts(projectId, mostTags)
    this.#counted.set(projectId, { at: now, tags })
    tags.catch(() => this.#counted.delete(projectId))
    return tags
  }

  async suggest(viewer: Viewer, input: AnchorInput, text: string | null): Promise<string[]> {
    const { projectId } = viewer
    const written = checkText(text?.trim(), 'text', annotationLimits.description)
    const { key, modelId, layer, neuron } = await this.#anchors.check(viewer, input)
    const isNeuron = modelId !== null && layer !== null && neuron !== null
    const [same, beside, alike] = await Promise.all([
      this.#tags.ofAnchor(projectId, key),
      isNeuron ? this.#tags.beside(projectId, modelId, layer, neuron) : [],
      written === null ? [] : this.#tags.alike(projectId, written.slice(0, annotationLimits.label)),
    ])
    return rankTags([
      [worth.same, same],
      [worth.beside, beside],
      [worth.alike, alike],
    ])
  }
}

/** Within a source the square root keeps what is frequent everywhere from drowning what is near. */
function rankTags(sources: readonly (readonly [number, readonly CountedTag[]])[]): string[] {
  const scores = new Map<string, number>()
  for (const [value, tags] of sources)
    for (const { tag, count } of tags)
      scores.set(tag, (scores.get(tag) ?? 0) + value * Math.sqrt(count))
  return [...scores]
    .sort(([tag, score], [other, otherScore]) => otherScore - score || (tag < other ? -1 : 1))
    .slice(0, mostSuggestions)
    .map(([tag]) => tag)
}
