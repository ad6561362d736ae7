// What every method uses of a model: passes through it under any stack of deltas, batched, counted and cancellable.
// The model's weights are only ever read.
import type { MatrixAddress, MatrixName } from '../../architectures/hook-points.js'
import { LensEngineError } from '../../errors.js'
import type { LoadedModel } from '../../runtime/load-model.js'
import type { Feed } from '../../runtime/ort.js'
import type { Graph } from '../../graph/graph.js'
import { locateMatrix } from '../../runtime/stored-matrix.js'
import { addressKey, type MatrixDelta } from '../matrix-delta.js'
import { readDecoderRows } from './decoder-rows.js'
import {
  joinDeltas,
  siteFeeds,
  sitesOf,
  type JoinedDelta,
  type JoinedStacks,
} from './delta-sites.js'
import { cutIntoBatches, type BatchLimits } from './pass-batches.js'
import { batchFeeds, makeBatch, type PassBatch } from './pass-feeds.js'
import { buildPassGraph } from './pass-graph.js'
import { needsGradient, planKey, type DeltaSite, type PassPlan } from './pass-plan.js'
import { planPass } from './plan-pass.js'
import type {
  DeltaGradient,
  PassRequest,
  PassResult,
  PassSequence,
  SequenceResult,
} from './pass-request.js'
import { unpackSequences, unpackSiteGradients, type Fetches } from './pass-result.js'
import { addGradients, addVectors } from './sum-gradients.js'

/** What the passes of one computation took. */
export interface PassCost {
  /** Calls of the model, each with a batch of sequences. */
  readonly forwardPasses: number
  readonly backwardPasses: number
  readonly sequences: number
  /** Real tokens that went through the model; padding is not counted. */
  readonly tokens: number
}

/** What one pass adds to the cost. */
export interface CountedPass {
  readonly sequences: number
  readonly tokens: number
  readonly backward: boolean
}

/** A pass through a graph that a method built itself. */
export interface OwnPass {
  readonly feeds: Readonly<Record<string, Feed>>
  readonly sites: readonly DeltaSite[]
  readonly pass: CountedPass
}

export interface EditLabOptions {
  /** Deltas every pass runs under, such as edits made before. */
  readonly base?: readonly MatrixDelta[]
  readonly signal?: AbortSignal | undefined
  readonly limits?: Partial<BatchLimits>
}

export class EditLab {
  readonly model: LoadedModel
  readonly base: readonly MatrixDelta[]
  readonly signal: AbortSignal | undefined
  readonly #limits: Partial<BatchLimits>
  readonly #digests = new Set<string>()
  #cost: PassCost = { forwardPasses: 0, backwardPasses: 0, sequences: 0, tokens: 0 }

  constructor(model: LoadedModel, options: EditLabOptions = {}) {
    this.model = model
    this.base = options.base ?? []
    this.signal = options.signal
    this.#limits = options.limits ?? {}
    for (const delta of this.base) this.checkWidths(delta)
  }

  get cost(): PassCost {
    return this.#cost
  }

  /** Digests of the graphs that ran, sorted. */
  get graphDigests(): readonly string[] {
    return [...this.#digests].sort()
  }

  /** Widths [in, out] of a matrix. @throws BAD_ARGUMENT when the model has no such matrix */
  widths({ layer, matrix }: MatrixAddress): readonly [number, number] {
    const { architecture, shape, config } = this.model
    if (!architecture.matrices.includes(matrix) || !(layer >= 0 && layer < shape.layers)) {
      throw unknownMatrix(layer, matrix, architecture.matrices, shape.layers)
    }
    return architecture.matrixWidths(shape, matrix, config)
  }

  /** Whether the family has a bias beside this matrix. */
  hasBias(address: MatrixAddress): boolean {
    return locateMatrix(this.model, address).bias !== null
  }

  /** @throws BAD_ARGUMENT when the delta does not fit its matrix in this model */
  checkWidths(delta: MatrixDelta): void {
    const [width, out] = this.widths(delta.address)
    if (delta.inputWidth === width && delta.outputWidth === out) return
    const found = `[${delta.inputWidth}, ${delta.outputWidth}]`
    throw new LensEngineError(
      'BAD_ARGUMENT',
      `the delta of ${addressKey(delta.address)} is ${found}, but the matrix is [${width}, ${out}]`,
      {
        details: { matrix: addressKey(delta.address), found, wanted: `[${width}, ${out}]` },
        cure: 'Use an edit that was made for this model.',
      },
    )
  }

  /** Rows of the decoder D [vocabulary, width] of the given tokens: raw, without the final norm. */
  decoderRows(tokens: readonly number[]): Promise<readonly Float32Array[]> {
    return readDecoderRows(this.model, tokens)
  }

  /**
   * Runs a request, in batches of similar length when it is large. Gradients of what sequences share are sums over them.
   * @throws RUN_CANCELLED; NOT_FINITE when the loss or a gradient is NaN or infinite; BAD_ARGUMENT for deltas that do
   * not fit
   */
  async run(request: PassRequest): Promise<PassResult> {
    const stacks = this.#joinStacks(request)
    const plan = planPass(this.model.shape.layers, request, stacks)
    const batches = cutIntoBatches(request, this.model.shape.vocabularySize, plan, this.#limits)
    const sequences = Array<SequenceResult>(request.sequences.length)
    let loss: number | null = null
    let gradients: ReadonlyMap<string, DeltaGradient> = new Map()
    let vectorGradients: readonly Float32Array[] = []
    for (const indices of batches) {
      const batch = makeBatch(indices.map((index) => request.sequences[index] as PassSequence))
      const own = indices.map((index) => stacks.each[index] as readonly JoinedDelta[])
      const fetches = await this.#runBatch(plan, batch, request, { ...stacks, each: own })
      unpackSequences({ fetches, batch, plan }).forEach((result, place) => {
        sequences[indices[place] as number] = result
      })
      if (!needsGradient(plan)) continue
      loss = (loss ?? 0) + finite(Number(fetches['loss']?.data[0]), 'the loss')
      gradients = addGradients(gradients, unpackSiteGradients({ fetches, batch, plan }, null))
      if (plan.vectorGradient) vectorGradients = addVectors(vectorGradients, fetches)
    }
    checkFinite(vectorGradients, gradients)
    return { sequences, loss, vectorGradients, gradients }
  }

  #joinStacks(request: PassRequest): JoinedStacks {
    for (const delta of request.deltas ?? []) this.checkWidths(delta)
    const each = request.sequences.map(({ deltas = [] }) => {
      for (const delta of deltas) this.checkWidths(delta)
      return joinDeltas(deltas)
    })
    return { shared: joinDeltas([...this.base, ...(request.deltas ?? [])]), each }
  }

  async #runBatch(
    plan: PassPlan,
    batch: PassBatch,
    request: PassRequest,
    stacks: JoinedStacks,
  ): Promise<Fetches> {
    const { model } = this
    const feeds = batchFeeds(batch, plan, model.shape, request.vectors)
    for (const site of plan.sites) Object.assign(feeds, this.#siteFeeds(site, stacks))
    return this.#runGraph(planKey(plan), () => buildPassGraph(model, plan), feeds, {
      sequences: batch.sequences.length,
      tokens: batch.sequences.reduce((sum, { ids }) => sum + ids.length, 0),
      backward: needsGradient(plan),
    })
  }

  /** Where the lab's own deltas enter the layers from `fromLayer` on. */
  baseSites(fromLayer: number): readonly DeltaSite[] {
    const sites = sitesOf('shared', [joinDeltas(this.base)])
    return sites.filter(({ address }) => address.layer >= fromLayer)
  }

  /** Runs a graph of a method's own, with the lab's deltas at `sites`, as one pass. @throws RUN_CANCELLED */
  runGraph(key: string, build: () => Graph, { feeds, sites, pass }: OwnPass): Promise<Fetches> {
    const shared = joinDeltas(this.base)
    const all = { ...feeds }
    for (const site of sites) Object.assign(all, this.#siteFeeds(site, { shared, each: [] }))
    return this.#runGraph(key, build, all, pass)
  }

  async #runGraph(
    key: string,
    build: () => Graph,
    feeds: Readonly<Record<string, Feed>>,
    pass: CountedPass,
  ): Promise<Fetches> {
    this.throwIfCancelled()
    const opened = await this.model.session(key, build)
    this.#digests.add(opened.graphDigest)
    const fetches = await opened.session.run(feeds)
    this.#count(pass)
    // Lets a signal or a progress listener of the same process be heard between batches.
    await new Promise((resolve) => setImmediate(resolve))
    return fetches
  }

  #siteFeeds(site: DeltaSite, { shared, each }: JoinedStacks): Readonly<Record<string, Feed>> {
    const stacks = site.tier === 'shared' ? [shared] : each
    return siteFeeds(site, stacks, this.widths(site.address))
  }

  throwIfCancelled(): void {
    if (this.signal?.aborted !== true) return
    throw new LensEngineError('RUN_CANCELLED', 'the edit was cancelled', {
      cure: 'Start it again if you want it.',
    })
  }

  #count({ sequences, tokens, backward }: CountedPass): void {
    const cost = this.#cost
    this.#cost = {
      forwardPasses: cost.forwardPasses + 1,
      backwardPasses: cost.backwardPasses + (backward ? 1 : 0),
      sequences: cost.sequences + sequences,
      tokens: cost.tokens + tokens,
    }
  }
}

function checkFinite(
  vectors: readonly Float32Array[],
  gradients: ReadonlyMap<string, DeltaGradient>,
): void {
  for (const vector of vectors) finite(sumOf(vector), 'the gradient of a vector')
  for (const [name, { u, v, values }] of gradients) {
    for (const part of [u, v, values])
      if (part !== null) finite(sumOf(part), `the gradient of ${name}`)
  }
}

const sumOf = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0)

/** @throws NOT_FINITE */
export function finite(value: number, what: string): number {
  if (Number.isFinite(value)) return value
  throw new LensEngineError('NOT_FINITE', `${what} is ${value}`, {
    details: { what, value: String(value) },
    cure: 'Use a smaller learning rate, another layer, or check the weights with `lens models inspect`.',
  })
}

function unknownMatrix(
  layer: number,
  matrix: string,
  matrices: readonly MatrixName[],
  layers: number,
): LensEngineError {
  return new LensEngineError(
    'BAD_ARGUMENT',
    `the model has no matrix ${matrix} in layer ${layer}`,
    {
      details: { layer, matrix, layers, matrices: matrices.join(', ') },
      cure: `Use a layer from 0 to ${layers - 1} and one of: ${matrices.join(', ')}.`,
    },
  )
}
