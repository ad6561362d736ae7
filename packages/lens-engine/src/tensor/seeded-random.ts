// One reproducible random source: sfc32 seeded from any text, split by label into independent streams.

/** A deterministic stream of random numbers. */
export interface SeededRandom {
  /** Uniform in 0 .. 2^32 - 1. */
  nextUint32(): number
  /** Uniform in [0, 1), 32 random bits. */
  nextFloat(): number
  /** Uniform integer in 0 .. limit - 1, without modulo bias; `limit` in 1 .. 2^32. */
  nextInteger(limit: number): number
  /** Fills an array as `nextInteger` would, one after the other, in a tenth of its time. */
  fillIntegers(target: Uint32Array, limit: number): void
  /** Normal variate with mean 0 and variance 1 (Box-Muller). */
  nextNormal(): number
  /** A new array of normal variates times `scale`. */
  normals(length: number, scale?: number): Float32Array<ArrayBuffer>
  /** An independent stream that depends only on this stream's seed and `label`, not on how far it was read. */
  split(label: string): SeededRandom
}

/** Up to here a remainder and the two beside it are 32-bit integers. */
const LARGEST_DIVIDED = 2 ** 30

/** A random source from a seed; equal seeds give equal streams on every machine. */
export function createRandom(seed: number | string): SeededRandom {
  const { nextUint32, fillIntegers } = createSfc32(String(seed))
  let spare: number | null = null
  const nextFloat = () => nextUint32() / 4294967296
  const nextNormal = () => {
    if (spare !== null) {
      const value = spare
      spare = null
      return value
    }
    // 1 - u lies in (0, 1], so the logarithm is finite.
    const radius = Math.sqrt(-2 * Math.log(1 - nextFloat()))
    const angle = 2 * Math.PI * nextFloat()
    spare = radius * Math.sin(angle)
    return radius * Math.cos(angle)
  }
  return {
    nextUint32,
    nextFloat,
    nextInteger: (limit) => drawInteger(nextUint32, limit),
    fillIntegers,
    nextNormal,
    normals: (length, scale = 1) => {
      const values = new Float32Array(length)
      for (let index = 0; index < length; index++) values[index] = nextNormal() * scale
      return values
    },
    split: (label) => createRandom(`${seed}/${label}`),
  }
}

function drawInteger(nextUint32: () => number, limit: number): number {
  const accepted = 4294967296 - (4294967296 % limit)
  for (;;) {
    const drawn = nextUint32()
    if (drawn < accepted) return drawn % limit
  }
}

/** Chris Doty-Humphrey's small fast counting generator, its state filled by four FNV-style hashes of the seed. */
function createSfc32(seed: string): Pick<SeededRandom, 'nextUint32' | 'fillIntegers'> {
  let [a, b, c, counter] = [hashText(seed, 1), hashText(seed, 2), hashText(seed, 3), 1]
  const nextUint32 = () => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + sum) | 0
    return sum >>> 0
  }
  // The same steps with the state in variables of the loop, where it stays in registers.
  const fillIntegers = (target: Uint32Array, limit: number) => {
    if (limit > LARGEST_DIVIDED) {
      for (let index = 0; index < target.length; index++) {
        target[index] = drawInteger(nextUint32, limit)
      }
      return
    }
    const last = (4294967295 - (4294967296 % limit)) >>> 0
    const inverse = 1 / limit
    let [x, y, z, count] = [a, b, c, counter]
    for (let index = 0; index < target.length;) {
      const sum = (((x + y) | 0) + count) | 0
      count = (count + 1) | 0
      x = y ^ (y >>> 9)
      y = (z + (z << 3)) | 0
      z = (((z << 21) | (z >>> 11)) + sum) | 0
      const drawn = sum >>> 0
      if (drawn > last) continue
      // The remainder by a product, which takes half the time of `%`: rounding may make the quotient one too large or small.
      const quotient = (drawn * inverse) >>> 0
      let rest = (sum - Math.imul(quotient, limit)) | 0
      rest += limit & (rest >> 31)
      rest -= limit & ((limit - 1 - rest) >> 31)
      target[index++] = rest
    }
    ;[a, b, c, counter] = [x, y, z, count]
  }
  for (let round = 0; round < 12; round++) nextUint32()
  return { nextUint32, fillIntegers }
}

function hashText(text: string, salt: number): number {
  let hash = 2166136261 ^ Math.imul(salt, 0x9e3779b1)
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 16777619)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) | 0
}
