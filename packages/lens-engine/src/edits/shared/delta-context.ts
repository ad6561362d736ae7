// A TapRecorder that adds deltas and vectors, fed as graph inputs, to the outputs of the matrices a plan names.
import type { MatrixAddress } from '../../architectures/hook-points.js'
import type { GraphBuilder } from '../../graph/graph-builder.js'
import type { Value } from '../../graph/graph.js'
import { add } from '../../ops/elementwise.js'
import { gemm, matmul } from '../../ops/matrix.js'
import { reshape } from '../../ops/movement.js'
import { TapRecorder } from '../../runtime/forward-context.js'
import type { WeightSource } from '../../weights/weight-source.js'
import { sameAddress, siteName, type DeltaSite } from './pass-plan.js'

export interface DeltaContextOptions {
  readonly builder: GraphBuilder
  readonly weights: WeightSource
  readonly sites: readonly DeltaSite[]
  readonly vectorsAt: MatrixAddress | null
  /** As `TapRecorder`'s: factors of every matrix besides; false when absent. */
  readonly edits?: boolean
}

interface SiteWidths {
  readonly width: number
  readonly out: number
}

type AddSite = (
  context: DeltaContext,
  name: string,
  x: Value,
  y: Value,
  widths: SiteWidths,
) => Value

/** Inputs `layers.l.<matrix>.<tier>.<part>`, and for vectors `vectors` [vectors, out] and `vector_mask` [rows, vectors]. */
export class DeltaContext extends TapRecorder {
  /** Graph inputs by name, as targets of differentiation. */
  readonly siteInputs = new Map<string, Value>()
  readonly #sites: readonly DeltaSite[]
  readonly #vectorsAt: MatrixAddress | null

  constructor({ builder, weights, sites, vectorsAt, edits = false }: DeltaContextOptions) {
    super({ builder, weights, edits })
    this.#sites = sites
    this.#vectorsAt = vectorsAt
  }

  override tap(address: MatrixAddress, x: Value, y: Value): Value {
    const widths = { width: x.shape[1] as number, out: y.shape[1] as number }
    let output = y
    for (const site of this.#sites) {
      if (!sameAddress(site.address, address)) continue
      const addSite = siteKinds[`${site.tier} ${site.part}`] as AddSite
      output = addSite(this, siteName(site), x, output, widths)
    }
    if (this.#vectorsAt !== null && sameAddress(this.#vectorsAt, address)) {
      output = this.#withVectors(output, widths.out)
    }
    return super.tap(address, x, output)
  }

  siteInput(name: string, shape: readonly (number | string)[]): Value {
    const value = this.builder.input(name, 'float32', shape)
    this.siteInputs.set(name, value)
    return value
  }

  /** y + M Z: row r of y gains the vectors that M marks in row r. */
  #withVectors(y: Value, out: number): Value {
    const vectors = this.siteInput('vectors', ['vectors', out])
    const mask = this.builder.input('vector_mask', 'float32', ['rows', 'vectors'])
    return add(this.builder, y, gemm(this.builder, mask, vectors))
  }
}

const byElement = (context: DeltaContext, x: Value, width: number): Value =>
  reshape(context.builder, x, ['batch', 'positions', width])

/** How each tier and part of a delta changes y [rows, out], from x [rows, in]. */
const siteKinds: Readonly<Record<string, AddSite>> = {
  'shared low-rank': (context, name, x, y, { width, out }) => {
    const { builder } = context
    const left = context.siteInput(`${name}.U`, [width, `${name}.rank`])
    const right = context.siteInput(`${name}.V`, [`${name}.rank`, out])
    return add(builder, y, gemm(builder, gemm(builder, x, left), right))
  },
  'shared dense': (context, name, x, y, { width, out }) =>
    add(context.builder, y, gemm(context.builder, x, context.siteInput(name, [width, out]))),
  'shared bias': (context, name, _x, y, { out }) =>
    add(context.builder, y, context.siteInput(name, [out])),
  'each low-rank': (context, name, x, y, { width, out }) => {
    const { builder } = context
    const left = context.siteInput(`${name}.U`, ['batch', width, `${name}.rank`])
    const right = context.siteInput(`${name}.V`, ['batch', `${name}.rank`, out])
    const change = matmul(builder, matmul(builder, byElement(context, x, width), left), right)
    return add(builder, y, reshape(builder, change, ['rows', out]))
  },
  'each dense': (context, name, x, y, { width, out }) => {
    const { builder } = context
    const values = context.siteInput(name, ['batch', width, out])
    const change = matmul(builder, byElement(context, x, width), values)
    return add(builder, y, reshape(builder, change, ['rows', out]))
  },
  'each bias': (context, name, _x, y, { out }) => {
    const { builder } = context
    const bias = context.siteInput(name, ['batch', 1, out])
    return reshape(builder, add(builder, byElement(context, y, out), bias), ['rows', out])
  },
}
