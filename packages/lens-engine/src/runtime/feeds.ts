// Numbers -> feeds of a graph.
import type { Feed } from './ort.js'

export const float32 = (data: Float32Array, shape: readonly number[]): Feed => ({
  type: 'float32',
  shape,
  data,
})

export const int64 = (values: readonly number[], shape: readonly number[]): Feed => ({
  type: 'int64',
  shape,
  data: BigInt64Array.from(values, BigInt),
})
