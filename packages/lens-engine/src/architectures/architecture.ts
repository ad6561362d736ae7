// What a model family tells the engine: its dimensions from config.json, and how to assemble its forward pass.
import type { GraphBuilder } from '../graph/graph-builder.js'
import type { Value } from '../graph/graph.js'
import type { MatrixAddress, MatrixName } from './hook-points.js'

/** Sizes every family has; read from config.json alone. */
export interface ModelShape {
  readonly family: string
  readonly layers: number
  readonly width: number
  readonly heads: number
  readonly headWidth: number
  readonly innerWidth: number
  readonly contextLength: number
  readonly vocabularySize: number
  /**
   * Texts of more positions than this share a batch only with texts of their own length, because the rotary embedding of
   * the whole text depends on it (`dynamic` and `longrope`); absent in other models.
   */
  readonly sameLengthBeyond?: number
}

/** A parameter by its name in the weights; `shape` is what the configuration promises. */
export interface WeightRequest {
  readonly name: string
  readonly shape: readonly number[]
}

export interface ForwardContext {
  readonly builder: GraphBuilder
  /** int64 [batch, positions] */
  readonly tokenIds: Value
  /** int64 [positions]: 0, 1, 2, ... */
  readonly positionIds: Value
  /** int64 [keys]: positions of the keys; those of `positionIds` unless keys of earlier calls are remembered. */
  readonly keyPositionIds: Value
  /** int64 [positions] and [keys], where several texts share a row of the batch: a query sees keys of its own text only. */
  readonly texts?: { readonly queries: Value; readonly keys: Value }
  /** The parameter as float32, whatever its file holds. @throws WEIGHTS_MISMATCH naming tensor and shapes */
  weight(request: WeightRequest): Value
  /**
   * Announces y = x W + b of a matrix and returns what the rest of the model shall use as y: the same value, or with
   * the low-rank edits of this matrix added. x [rows, in], y [rows, out].
   */
  tap(address: MatrixAddress, x: Value, y: Value): Value
  /** Keys or values [batch, ..., positions, headWidth] of a block -> with those of earlier calls before them, when generating. */
  remember?(layer: number, side: 'key' | 'value', heads: Value): Value
  /** What blocks share, such as a mask: made at its first use in a graph and kept under `key`. */
  shared<T>(key: string, make: () => T): T
}

/** A model being assembled: what every part of a family needs. */
export interface Assembly {
  readonly context: ForwardContext
  readonly config: Config
  readonly shape: ModelShape
}

/** Where a matrix and its bias lie in the weights. */
export interface StoredMatrix {
  /** Names as `ForwardContext.weight` takes them. */
  readonly weight: string
  /** null where the family has none. */
  readonly bias: string | null
  readonly layout: 'in-out' | 'out-in'
  /** Outputs of the stored tensor, which may be fused. */
  readonly storedOutputs: number
  /** Stored output of each output of the matrix; null where they are the same. */
  readonly outputs: readonly number[] | null
}

export interface Architecture {
  readonly family: string
  /** `model_type` values of config.json that belong to this family. */
  readonly modelTypes: readonly string[]
  /** Matrices a block has, in the order they are applied. */
  readonly matrices: readonly MatrixName[]
  /** Tensors some files carry that are no parameters, such as causal masks. */
  readonly buffers: RegExp
  /** @throws CONFIG_INVALID or MODEL_UNSUPPORTED naming the setting */
  readShape(config: Config): ModelShape
  /** Widths [in, out] of a matrix. */
  matrixWidths(shape: ModelShape, matrix: MatrixName, config: Config): readonly [number, number]
  /** Where a matrix lies in the files. */
  storedMatrix(shape: ModelShape, address: MatrixAddress, config: Config): StoredMatrix
  /** The residual stream before the first block, [rows, width]; rows are batch x positions, flattened. */
  embed(assembly: Assembly): Value
  /** The residual stream after a block, from that before it. */
  block(assembly: Assembly, layer: number, residual: Value): Value
  /** ln_f: the model's own final norm of rows [n, width]. */
  finalNorm(assembly: Assembly, rows: Value): Value
  /** D as [vocabulary, width]; logits are rows D^T. */
  decoder(assembly: Assembly): Value
  /** Bias of the decoder [vocabulary] in families that have one. */
  decoderBias?(assembly: Assembly): Value
}

/** A parsed config.json. */
export type Config = Readonly<Record<string, unknown>>
