// Writes small GGUF files for tests, well formed or not: nothing is checked.

/** Writes one value with its type in front. */
export interface GgufTyped {
  readonly type: number
  readonly bytes: Buffer
}

/** A tensor to declare; `offset` defaults to the end of the one before, aligned. */
export interface GgufTensorToWrite {
  readonly name: string
  /** Innermost dimension first, as in the file. */
  readonly dimensions: readonly (number | bigint)[]
  readonly type: number
  readonly data: Uint8Array
  readonly offset?: number | bigint
}

export interface GgufFileToWrite {
  readonly magic?: string
  readonly version?: number
  readonly tensorCount?: bigint
  readonly keyCount?: bigint
  readonly keys?: readonly (readonly [key: string, value: GgufTyped])[]
  readonly tensors?: readonly GgufTensorToWrite[]
  /** Used to lay tensors out; declared only if `keys` say so. */
  readonly alignment?: number
}

export const uint32Bytes = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value >>> 0)
  return bytes
}

export const uint64Bytes = (value: number | bigint): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)))
  return bytes
}

export const stringBytes = (text: string | Uint8Array): Buffer => {
  const bytes = Buffer.from(text)
  return Buffer.concat([uint64Bytes(bytes.length), bytes])
}

export const ggufUint32 = (value: number): GgufTyped => ({ type: 4, bytes: uint32Bytes(value) })
export const ggufInt32 = (value: number): GgufTyped => ({ type: 5, bytes: uint32Bytes(value) })
export const ggufBoolean = (value: boolean | number): GgufTyped => ({
  type: 7,
  bytes: Buffer.of(Number(value)),
})
export const ggufString = (text: string): GgufTyped => ({ type: 8, bytes: stringBytes(text) })

export function ggufFloat32(value: number): GgufTyped {
  const bytes = Buffer.alloc(4)
  bytes.writeFloatLE(value)
  return { type: 6, bytes }
}

/** An array of values that all have the type `type`. */
export function ggufArray(
  type: number,
  items: readonly Uint8Array[],
  length: number | bigint = items.length,
): GgufTyped {
  return { type: 9, bytes: Buffer.concat([uint32Bytes(type), uint64Bytes(length), ...items]) }
}

/** The bytes of a file. */
export function writeGguf(file: GgufFileToWrite): Buffer {
  const { keys = [], tensors = [], alignment = 32 } = file
  const head = [
    Buffer.from(file.magic ?? 'GGUF', 'latin1'),
    uint32Bytes(file.version ?? 3),
    uint64Bytes(file.tensorCount ?? tensors.length),
    uint64Bytes(file.keyCount ?? keys.length),
    ...keys.flatMap(([key, { type, bytes }]) => [stringBytes(key), uint32Bytes(type), bytes]),
  ]
  const data: Buffer[] = []
  let end = 0
  for (const tensor of tensors) {
    head.push(
      stringBytes(tensor.name),
      uint32Bytes(tensor.dimensions.length),
      ...tensor.dimensions.map(uint64Bytes),
      uint32Bytes(tensor.type),
      uint64Bytes(tensor.offset ?? end),
    )
    const padded = pad(Buffer.from(tensor.data), alignment)
    data.push(padded)
    end += padded.length
  }
  return Buffer.concat([pad(Buffer.concat(head), alignment), ...data])
}

function pad(bytes: Buffer, alignment: number): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((alignment - (bytes.length % alignment)) % alignment)])
}
