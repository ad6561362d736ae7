// The intermediate representation: frozen values and nodes whose operator names are ONNX's own.

export type ElementType =
  'float32' | 'float64' | 'float16' | 'bfloat16' | 'int64' | 'int32' | 'bool'

/** A known size, or a symbol ("batch", "positions", "rows") that is bound when the graph runs. */
export type Dimension = number | string

export type Shape = readonly Dimension[]

/** One edge of the graph. `id` is unique within the builder that made it and its subgraphs. */
export interface Value {
  readonly id: number
  readonly name: string
  readonly type: ElementType
  readonly shape: Shape
}

export type Attribute = number | string | readonly number[] | Graph | { readonly float: number }

export interface Node {
  readonly op: string
  readonly name: string
  readonly inputs: readonly (Value | null)[]
  readonly outputs: readonly Value[]
  readonly attributes: Readonly<Record<string, Attribute>>
}

/** Bytes of a parameter that stay in the model's own file. */
export interface ExternalData {
  readonly file: string
  readonly offset: number
  readonly length: number
}

export interface Weight {
  readonly value: Value
  readonly data: ExternalData
}

export type ConstantData = Float32Array | Float64Array | BigInt64Array | Int32Array | Uint8Array

export interface Constant {
  readonly value: Value
  readonly data: ConstantData
}

export interface GraphOutput {
  readonly name: string
  readonly value: Value
}

export interface Graph {
  readonly name: string
  readonly inputs: readonly Value[]
  readonly weights: readonly Weight[]
  readonly constants: readonly Constant[]
  readonly nodes: readonly Node[]
  readonly outputs: readonly GraphOutput[]
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dimension, axis) => dimension === b[axis])
}

export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`
}
