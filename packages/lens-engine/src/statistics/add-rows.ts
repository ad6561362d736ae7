// Rows of eight columns -> their weighted sums: a loop for the processor's vector unit, written as WebAssembly, and the same loop in
// plain JavaScript. Either adds the same products in the same order, so their sums are equal to the last bit.

/** Columns that are added up at once, two in a vector register. */
export const BLOCK = 8
export const bytesOfRow = BLOCK * 8

/**
 * Adds rows to sums; everything is named by its place in the memory, in bytes.
 * @param first where the list of drawn rows begins, an int32 each: how many bytes after `values` the row begins
 * @param end where the list ends
 * @param weights where the weights of these rows begin, a float64 each
 * @param values where the rows begin, BLOCK float64 each
 * @param sums where the BLOCK sums are, float64
 */
export type AddRows = (
  first: number,
  end: number,
  weights: number,
  values: number,
  sums: number,
) => void

export interface RowMemory {
  readonly buffer: ArrayBuffer
  readonly addRows: AddRows
}

/** Memory of at least so many bytes, with what adds in it: without vectors where there are none, or no address space for them. */
export function openRowMemory(bytes: number): RowMemory {
  try {
    const memory = new webAssembly.Memory({ initial: Math.ceil(bytes / 65_536) })
    const { exports } = new webAssembly.Instance((compiled ??= compile()), { rows: { memory } })
    return { buffer: memory.buffer, addRows: exports.add }
  } catch {
    return openPlainMemory(bytes)
  }
}

export function openPlainMemory(bytes: number): RowMemory {
  const buffer = new ArrayBuffer(Math.ceil(bytes / 8) * 8)
  return { buffer, addRows: plainAdder(new Int32Array(buffer), new Float64Array(buffer)) }
}

function plainAdder(integers: Int32Array, numbers: Float64Array): AddRows {
  return (first, end, weights, values, sums) => {
    const [from, to] = [values >>> 3, sums >>> 3]
    let [a, b, c, d] = [numbers[to]!, numbers[to + 1]!, numbers[to + 2]!, numbers[to + 3]!]
    let [e, f, g, h] = [numbers[to + 4]!, numbers[to + 5]!, numbers[to + 6]!, numbers[to + 7]!]
    let at = weights >>> 3
    for (let index = first >>> 2; index < end >>> 2; index++) {
      const row = from + (integers[index]! >>> 3)
      const weight = numbers[at++]!
      a += weight * numbers[row]!
      b += weight * numbers[row + 1]!
      c += weight * numbers[row + 2]!
      d += weight * numbers[row + 3]!
      e += weight * numbers[row + 4]!
      f += weight * numbers[row + 5]!
      g += weight * numbers[row + 6]!
      h += weight * numbers[row + 7]!
    }
    numbers.set([a, b, c, d, e, f, g, h], to)
  }
}

/** What is used of WebAssembly, whose types come with those of browsers only. */
interface WebAssemblyParts {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer }
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: { readonly add: AddRows } }
}

const webAssembly = (globalThis as unknown as { WebAssembly: WebAssemblyParts }).WebAssembly
let compiled: object | undefined

const i32 = 0x7f
const v128 = 0x7b
/** Parameters and variables by number: those of `AddRows`, four sums of two columns each, a weight twice, a row's place. */
const [first, end, weights, values, sums] = [0, 1, 2, 3, 4]
const [vectors, weight, row] = [[5, 6, 7, 8], 9, 10] as const

const get = (variable: number): number[] => [0x20, variable]
const set = (variable: number): number[] => [0x21, variable]
const plus = (constant: number): number[] => [0x41, constant, 0x6a]
const [addI32, ltU32, geU32] = [0x6a, 0x49, 0x4f]
const loadI32 = [0x28, 2, 0]
const loadF64 = [0x2b, 3, 0]
const loadVector = (offset: number): number[] => [0xfd, 0x00, 4, offset]
const storeVector = (offset: number): number[] => [0xfd, 0x0b, 4, offset]
const splatF64 = [0xfd, 0x14]
const addF64x2 = [0xfd, 0xf0, 0x01]
const mulF64x2 = [0xfd, 0xf2, 0x01]
const [block, loop, leave, over] = [[0x02, 0x40], [0x03, 0x40], [0x0d, 0], 0x0b] as const

/** The loop of `plainAdder`, in the binary format of the WebAssembly specification (release 2.0, chapter 5). */
function compile(): object {
  const each = (work: (vector: number, offset: number) => number[]): number[] =>
    vectors.flatMap((vector, index) => work(vector, index * 16))
  const code = [
    ...[2, vectors.length + 1, v128, 1, i32],
    ...each((vector, offset) => [...get(sums), ...loadVector(offset), ...set(vector)]),
    ...[...block, ...get(first), ...get(end), geU32, ...leave, ...loop],
    ...[...get(first), ...loadI32, ...get(values), addI32, ...set(row)],
    ...[...get(weights), ...loadF64, ...splatF64, ...set(weight)],
    ...each((vector, offset) => [
      ...[...get(vector), ...get(weight), ...get(row), ...loadVector(offset)],
      ...[...mulF64x2, ...addF64x2, ...set(vector)],
    ]),
    ...[...get(weights), ...plus(8), ...set(weights)],
    ...[...get(first), ...plus(4), ...set(first)],
    ...[...get(first), ...get(end), ltU32, ...leave, over, over],
    ...each((vector, offset) => [...get(sums), ...get(vector), ...storeVector(offset)]),
    over,
  ]
  const section = (id: number, content: readonly number[]): number[] => {
    return [id, ...sizeOf(content.length), ...content]
  }
  const name = (text: string): number[] => [text.length, ...Buffer.from(text, 'ascii')]
  const bytes = [
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 5, i32, i32, i32, i32, i32, 0]),
    ...section(2, [1, ...name('rows'), ...name('memory'), 0x02, 0x00, 0]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...name('add'), 0x00, 0]),
    ...section(10, [1, ...sizeOf(code.length), ...code]),
  ]
  return new webAssembly.Module(Uint8Array.from(bytes))
}

/** LEB128 of a number below 16,384. */
const sizeOf = (size: number): number[] => (size < 128 ? [size] : [(size & 127) | 128, size >> 7])
