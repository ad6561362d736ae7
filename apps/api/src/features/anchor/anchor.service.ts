// Anchors for every part that points at things: checked against the viewer's project when written, put into words when read.
import type { Viewer } from '../account/viewer.js'
import { WantedHeads } from './anchor-heads.js'
import type { AnchorWords } from './anchor-words.js'
import { wantWords, wordsOf } from './anchor-words.js'
import type { AnchorInput } from './anchor.input.js'
import type { CheckedAnchor, StoredAnchor } from './anchor.js'
import type { AnchorRepository } from './anchor.repository.js'
import { checkAnchor, wantHeads } from './check-anchor.js'

export interface AnchorServiceParts {
  readonly anchors: AnchorRepository
  readonly innerWidth: (directory: string) => number | null
}

export class AnchorService {
  readonly #parts: AnchorServiceParts

  constructor(parts: AnchorServiceParts) {
    this.#parts = parts
  }

  /** @throws UserFailure BAD_ANCHOR or ..._NOT_FOUND; `field` is the input field that holds the anchor */
  async check(viewer: Viewer, input: AnchorInput, field = 'anchor'): Promise<CheckedAnchor> {
    const [anchor] = await this.checkAll(viewer, [input], () => field)
    return anchor as CheckedAnchor
  }

  /** Many at once, with one query for each kind. */
  async checkAll(
    viewer: Viewer,
    inputs: readonly AnchorInput[],
    fieldOf: (index: number) => string = (index) => `anchors.${index}`,
  ): Promise<CheckedAnchor[]> {
    const wanted = new WantedHeads()
    for (const input of inputs) wantHeads(input, wanted)
    const heads = await this.#parts.anchors.heads(viewer.projectId, wanted)
    const { innerWidth } = this.#parts
    return inputs.map((input, index) =>
      checkAnchor(input, { heads, innerWidth, field: fieldOf(index) }),
    )
  }

  /** Title, path and run of each, in order. */
  async words(viewer: Viewer, anchors: readonly StoredAnchor[]): Promise<AnchorWords[]> {
    const wanted = new WantedHeads()
    for (const anchor of anchors) wantWords(anchor, wanted)
    const digests = anchors.flatMap(({ configDigest }) => configDigest ?? [])
    const [heads, newest] = await Promise.all([
      this.#parts.anchors.heads(viewer.projectId, wanted),
      this.#parts.anchors.newestRuns(viewer.projectId, [...new Set(digests)]),
    ])
    const runs = new Map(newest.map((run) => [run.configDigest, run]))
    return anchors.map((anchor) => wordsOf(anchor, heads, runs))
  }
}
