// Gives an architecture what it needs to assemble its forward pass: parameters by name, taps, and edits as inputs.
import type { ForwardContext, WeightRequest } from '../architectures/architecture.js'
import type { MatrixAddress } from '../architectures/hook-points.js'
import { LensEngineError } from '../errors.js'
import type { GraphBuilder } from '../graph/graph-builder.js'
import { formatShape, type ElementType, type Value } from '../graph/graph.js'
import { add, cast } from '../ops/elementwise.js'
import { matmul } from '../ops/matrix.js'
import { reshape } from '../ops/movement.js'
import type { WeightDtype, WeightSource } from '../weights/weight-source.js'

/** One matrix of one layer as it was met while the forward pass was built. */
export interface Tap {
  readonly address: MatrixAddress
  /** x_i [rows, in] */
  readonly input: Value
  /** y = x W + b [rows, out]; its gradient is delta_i. */
  readonly output: Value
}

const elementTypes: Readonly<Record<WeightDtype, ElementType>> = {
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
}

export interface ForwardContextOptions {
  readonly builder: GraphBuilder
  readonly weights: WeightSource
  /** Whether every matrix takes low-rank factors U [batch, in, rank] and V [batch, rank, out] as inputs. */
  readonly edits: boolean
}

/** Where some files of a family carry a prefix that others lack. */
const namePrefixes = ['', 'transformer.', 'model.', 'gpt_neox.']

export class TapRecorder implements ForwardContext {
  readonly builder: GraphBuilder
  readonly tokenIds: Value
  readonly positionIds: Value
  readonly keyPositionIds: Value
  readonly taps: Tap[] = []
  readonly #weights: WeightSource
  readonly #edits: boolean
  readonly #known = new Map<string, Value>()
  readonly #shared = new Map<string, unknown>()

  constructor({ builder, weights, edits }: ForwardContextOptions) {
    this.builder = builder
    this.#weights = weights
    this.#edits = edits
    this.tokenIds = builder.input('token_ids', 'int64', ['batch', 'positions'])
    this.positionIds = builder.input('position_ids', 'int64', ['positions'])
    this.keyPositionIds = this.positionIds
    const [batch, positions] = [builder.dimension('batch'), builder.dimension('positions')]
    builder.defineDimension('rows', builder.single('Mul', [batch, positions], 'int64', [1]))
  }

  weight(request: WeightRequest): Value {
    const known = this.#known.get(request.name)
    if (known !== undefined) return known
    const tensor = this.#weights.get(storedName(this.#weights, request.name))
    if (formatShape(tensor.shape) !== formatShape(request.shape)) {
      throw mismatch(request, formatShape(tensor.shape))
    }
    const spec = { type: elementTypes[tensor.dtype], shape: tensor.shape }
    const stored = this.builder.weight(request.name, spec, tensor)
    const value = cast(this.builder, stored, 'float32')
    this.#known.set(request.name, value)
    return value
  }

  tap(address: MatrixAddress, x: Value, y: Value): Value {
    const output = this.#edits ? this.#withEdit(address, x, y) : y
    this.taps.push({ address, input: x, output })
    return output
  }

  shared<T>(key: string, make: () => T): T {
    if (!this.#shared.has(key)) this.#shared.set(key, make())
    return this.#shared.get(key) as T
  }

  /** y + (x U) V for each element of the batch (Decisions: an edit is data). */
  #withEdit(address: MatrixAddress, x: Value, y: Value): Value {
    const { builder } = this
    const name = editInputName(address)
    const [width, out] = [x.shape[1] as number, y.shape[1] as number]
    const left = builder.input(`${name}.U`, 'float32', ['batch', width, 'rank'])
    const right = builder.input(`${name}.V`, 'float32', ['batch', 'rank', out])
    const rows = reshape(builder, x, ['batch', 'positions', width])
    const change = matmul(builder, matmul(builder, rows, left), right)
    return add(builder, y, reshape(builder, change, ['rows', out]))
  }
}

/** A parameter's name in the files of this model, which may carry a prefix. */
export function storedName(weights: WeightSource, name: string): string {
  const prefix = namePrefixes.find((candidate) => weights.has(candidate + name))
  return (prefix ?? '') + name
}

/** Name of the graph inputs of a matrix's edit: `layers.3.mlp.down`, followed by `.U` or `.V`. */
export function editInputName({ layer, matrix }: MatrixAddress): string {
  return `layers.${layer}.${matrix}`
}

function mismatch(request: WeightRequest, found: string): LensEngineError {
  const wanted = formatShape(request.shape)
  return new LensEngineError(
    'WEIGHTS_MISMATCH',
    `the tensor ${request.name} has shape ${found}, but config.json makes it ${wanted}`,
    {
      details: { tensor: request.name, found, wanted },
      cure: 'Use the config.json and the weights of one and the same model.',
    },
  )
}
