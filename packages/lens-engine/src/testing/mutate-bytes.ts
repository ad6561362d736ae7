// Seeded damage to a file, for fuzzing readers: flipped bits, spliced, cut, grown and overwritten with telling integers.
import type { SeededRandom } from '../tensor/seeded-random.js'

/** Integers at which readers overflow, in little-endian bytes. */
const tellingIntegers: readonly Buffer[] = [
  0n,
  1n,
  0x7fffffffn,
  0x80000000n,
  0xffffffffn,
  0x100000000n,
  2n ** 53n,
  2n ** 61n,
  2n ** 63n - 1n,
  2n ** 63n,
  2n ** 64n - 1n,
].map((value) => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(value)
  return bytes
})

type Mutation = (bytes: Buffer, random: SeededRandom) => Buffer

const flipBit: Mutation = (bytes, random) => {
  const at = random.nextInteger(bytes.length)
  bytes[at] = bytes[at]! ^ (1 << random.nextInteger(8))
  return bytes
}

const setByte: Mutation = (bytes, random) => {
  bytes[random.nextInteger(bytes.length)] = random.nextInteger(256)
  return bytes
}

const writeInteger: Mutation = (bytes, random) => {
  const integer = tellingIntegers[random.nextInteger(tellingIntegers.length)]!
  const width = random.nextInteger(2) === 0 ? 4 : 8
  integer.copy(bytes, random.nextInteger(bytes.length), 0, width)
  return bytes
}

const cut: Mutation = (bytes, random) => bytes.subarray(0, random.nextInteger(bytes.length))

const remove: Mutation = (bytes, random) => {
  const at = random.nextInteger(bytes.length)
  return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random.nextInteger(16))])
}

const repeat: Mutation = (bytes, random) => {
  const at = random.nextInteger(bytes.length)
  const part = bytes.subarray(at, at + 1 + random.nextInteger(64))
  return Buffer.concat([bytes.subarray(0, at), part, bytes.subarray(at)])
}

const mutations: readonly Mutation[] = [flipBit, setByte, writeInteger, cut, remove, repeat]

/** A damaged copy: one to four mutations, most of them within the first `focus` bytes. */
export function mutateBytes(original: Buffer, random: SeededRandom, focus: number): Buffer {
  let bytes: Buffer = Buffer.from(original)
  for (let count = 1 + random.nextInteger(4); count > 0 && bytes.length > 0; count--) {
    const mutate = mutations[random.nextInteger(mutations.length)]!
    const inFocus = random.nextInteger(4) > 0 && bytes.length > focus
    bytes = inFocus
      ? Buffer.concat([mutate(bytes.subarray(0, focus), random), bytes.subarray(focus)])
      : mutate(bytes, random)
  }
  return bytes
}
