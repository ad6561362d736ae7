// Rotary position embedding: pairs of coordinates of queries and keys are turned by an angle that grows with position.
import type { GraphBuilder } from '../../graph/graph-builder.js'
import type { Value } from '../../graph/graph.js'
import {
  add,
  cast,
  cos,
  exp,
  greater,
  log,
  max,
  mul,
  scale,
  sin,
  sub,
  where,
} from '../../ops/elementwise.js'
import { concat, reshape, split } from '../../ops/movement.js'
import { reduceMax } from '../../ops/reduction.js'
import type { LongerText, RotaryFrequencies } from './plain-frequencies.js'

/** Which coordinates form a pair: i and i + half (GPT-NeoX, Llama), or 2i and 2i + 1 (GPT-J). */
export type RotaryPairing = 'halves' | 'neighbours'

export interface RotaryTables {
  /** [positions, half] */
  readonly cosine: Value
  readonly sine: Value
}

/** cos and sin of position * frequency, times the attention factor of the scaling. */
export function rotaryTables(
  builder: GraphBuilder,
  positionIds: Value,
  rotary: RotaryFrequencies,
): RotaryTables {
  const { attentionFactor } = rotary
  const positions = reshape(builder, cast(builder, positionIds, 'float32'), ['positions', 1])
  const angles = mul(builder, positions, frequencyRow(builder, positions, rotary))
  return {
    cosine: scale(builder, cos(builder, angles), attentionFactor),
    sine: scale(builder, sin(builder, angles), attentionFactor),
  }
}

/** [1, half]; in a text longer than `beyond.positions` those of a longer text, by the length this run has. */
function frequencyRow(
  builder: GraphBuilder,
  positions: Value,
  { frequencies, beyond }: RotaryFrequencies,
): Value {
  const row = (values: readonly number[]): Value =>
    builder.constant('float32', [1, values.length], Float32Array.from(values))
  if (beyond === undefined) return row(frequencies)
  const one = builder.scalar('float32', 1)
  const length = add(builder, reduceMax(builder, positions, [0], true), one)
  const isBeyond = greater(builder, length, builder.scalar('float32', beyond.positions))
  const grown = growFrequencies(builder, length, beyond, row)
  return where(builder, isBeyond, grown, row(frequencies))
}

/** frequency_i * growth^-exponent_i, as exp(-exponent_i ln growth). */
function growFrequencies(
  builder: GraphBuilder,
  length: Value,
  { positions, frequencies, growth }: LongerText,
  row: (values: readonly number[]) => Value,
): Value {
  if (growth === undefined) return row(frequencies)
  const { factor, exponents } = growth
  const stretched = scale(builder, length, factor / positions)
  const base = sub(builder, stretched, builder.scalar('float32', factor - 1))
  // Within the context the growth may be negative; it is not used there, but its logarithm must be a number.
  const grown = log(builder, max(builder, base, builder.scalar('float32', 1)))
  const shrink = exp(builder, mul(builder, row(exponents.map((exponent) => -exponent)), grown))
  return mul(builder, row(frequencies), shrink)
}

const rotations: Readonly<
  Record<RotaryPairing, (builder: GraphBuilder, x: Value, tables: RotaryTables) => Value>
> = { halves: rotateHalves, neighbours: rotateNeighbours }

/** Turns the first 2 * half coordinates of the last axis; the rest pass (partial rotary). x [..., positions, width] */
export function applyRotary(
  builder: GraphBuilder,
  x: Value,
  tables: RotaryTables,
  pairing: RotaryPairing,
): Value {
  const axis = x.shape.length - 1
  const width = x.shape[axis] as number
  const turned = 2 * (tables.cosine.shape[1] as number)
  const rotate = rotations[pairing]
  if (turned === width) return rotate(builder, x, tables)
  const [first, rest] = split(builder, x, axis, [turned, width - turned]) as [Value, Value]
  return concat(builder, [rotate(builder, first, tables), rest], axis)
}

/** (a, b) -> (a cos - b sin, b cos + a sin) */
function turn(builder: GraphBuilder, a: Value, b: Value, cosine: Value, sine: Value) {
  return [
    sub(builder, mul(builder, a, cosine), mul(builder, b, sine)),
    add(builder, mul(builder, b, cosine), mul(builder, a, sine)),
  ]
}

function rotateHalves(builder: GraphBuilder, x: Value, { cosine, sine }: RotaryTables): Value {
  const axis = x.shape.length - 1
  const half = cosine.shape[1] as number
  const [a, b] = split(builder, x, axis, [half, half]) as [Value, Value]
  return concat(builder, turn(builder, a, b, cosine, sine), axis)
}

function rotateNeighbours(builder: GraphBuilder, x: Value, { cosine, sine }: RotaryTables): Value {
  const axis = x.shape.length
  const half = cosine.shape[1] as number
  const pairs = reshape(builder, x, [...x.shape.slice(0, -1), half, 2])
  const [a, b] = split(builder, pairs, axis, [1, 1]) as [Value, Value]
  const column = (table: Value): Value => reshape(builder, table, ['positions', half, 1])
  const turned = concat(builder, turn(builder, a, b, column(cosine), column(sine)), axis)
  return reshape(builder, turned, x.shape)
}
