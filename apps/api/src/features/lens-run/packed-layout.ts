// The binary form of packed cells in PostgreSQL, and both directions between it and typed arrays.
//
//   offset  size  content (little-endian)
//   0       4     the ASCII letters "IMPR"
//   4       2     version of this form: 1
//   6       2     number of the layout: 1 cells, 2 hidden states, 3 imprint and shift
//   8       4     T, the number of positions
//   12      4     K, the entries kept per position (tokens at each end, or neurons)
//   16      ...   the layout's sections in the order of its table, each T or T * K elements, row-major by position,
//                 each section padded with zeros to a multiple of 4 bytes
//
// Columns, not rows: a grid reads one section of a layer without touching the others.

const magic = 0x52504d49
const version = 1
const headerBytes = 16

const elements = {
  f32: { bytes: 4, array: Float32Array },
  i32: { bytes: 4, array: Int32Array },
  u8: { bytes: 1, array: Uint8Array },
} as const

type ElementName = keyof typeof elements
/** `position`: one element a position; `entry`: one for each of the K entries of a position. */
type Extent = 'position' | 'entry'
type Section = readonly [element: ElementName, extent: Extent]
type Sections = Readonly<Record<string, Section>>

export interface PackedLayout<S extends Sections> {
  readonly number: number
  readonly sections: S
}

interface ElementArrays {
  readonly f32: Float32Array
  readonly i32: Int32Array
  readonly u8: Uint8Array
}

/** Typed arrays of one layout, with their two sizes. */
export type Packed<S extends Sections> = {
  readonly positions: number
  readonly entries: number
} & {
  readonly [Name in keyof S]: ElementArrays[S[Name][0]]
}

const layout = <const S extends Sections>(number: number, sections: S): PackedLayout<S> => ({
  number,
  sections,
})

const ends = {
  targetRank: ['i32', 'position'],
  answerRank: ['i32', 'position'],
  topIds: ['i32', 'entry'],
  topLogits: ['f32', 'entry'],
  topProbabilities: ['f32', 'entry'],
  bottomIds: ['i32', 'entry'],
  bottomLogits: ['f32', 'entry'],
  bottomProbabilities: ['f32', 'entry'],
} as const

/** All cells of one matrix in one layer. */
export const cellsLayout = layout(1, {
  inputNorm: ['f32', 'position'],
  vjpNorm: ['f32', 'position'],
  masked: ['u8', 'position'],
  ...ends,
})
export type PackedCellRow = Packed<(typeof cellsLayout)['sections']>

/** The ordinary logit lens of one layer. */
export const hiddenLayout = layout(2, { norm: ['f32', 'position'], ...ends })
export type PackedHiddenRow = Packed<(typeof hiddenLayout)['sections']>

/** Imprint and shift of one layer. */
export const imprintLayout = layout(3, {
  ownIds: ['i32', 'entry'],
  ownChange: ['f32', 'entry'],
  fullIds: ['i32', 'entry'],
  fullChange: ['f32', 'entry'],
  shiftOwnNorm: ['f32', 'position'],
  shiftFullNorm: ['f32', 'position'],
  shiftTargetLogit: ['f32', 'position'],
})
export type PackedImprintRow = Packed<(typeof imprintLayout)['sections']>

interface Placement {
  readonly name: string
  readonly element: ElementName
  readonly length: number
  readonly offset: number
}

function placements(
  sections: Sections,
  positions: number,
  entries: number,
): { list: Placement[]; bytes: number } {
  let offset = headerBytes
  const list = Object.entries(sections).map(([name, [element, extent]]) => {
    const length = extent === 'position' ? positions : positions * entries
    const placement = { name, element, length, offset }
    offset += Math.ceil((length * elements[element].bytes) / 4) * 4
    return placement
  })
  return { list, bytes: offset }
}

/** Packs typed arrays; an array whose length does not fit its section is refused by name. */
export function encodePacked<S extends Sections>(
  layout: PackedLayout<S>,
  packed: Packed<S>,
): Uint8Array<ArrayBuffer> {
  const { list, bytes } = placements(layout.sections, packed.positions, packed.entries)
  const buffer = new ArrayBuffer(bytes)
  const header = new DataView(buffer)
  header.setUint32(0, magic, true)
  header.setUint16(4, version, true)
  header.setUint16(6, layout.number, true)
  header.setUint32(8, packed.positions, true)
  header.setUint32(12, packed.entries, true)
  for (const { name, element, length, offset } of list) {
    const values = packed[name as keyof S] as ArrayLike<number>
    if (values.length !== length)
      throw new RangeError(`${name} has ${values.length} values, not ${length}`)
    new elements[element].array(buffer, offset, length).set(values)
  }
  return new Uint8Array(buffer)
}

/** Unpacks a row; views share its memory. A row of another layout, version or length is refused. */
export function decodePacked<S extends Sections>(
  layout: PackedLayout<S>,
  row: Uint8Array,
): Packed<S> {
  const aligned = row.byteOffset % 4 === 0 ? row : row.slice()
  const buffer = aligned.buffer as ArrayBuffer
  const header = new DataView(buffer, aligned.byteOffset, aligned.byteLength)
  if (row.byteLength < headerBytes || header.getUint32(0, true) !== magic)
    throw new RangeError('Not a packed row')
  if (header.getUint16(4, true) !== version)
    throw new RangeError(`Packed row of version ${header.getUint16(4, true)}`)
  if (header.getUint16(6, true) !== layout.number)
    throw new RangeError(`Packed row of layout ${header.getUint16(6, true)}`)
  const positions = header.getUint32(8, true)
  const entries = header.getUint32(12, true)
  const { list, bytes } = placements(layout.sections, positions, entries)
  if (bytes !== row.byteLength)
    throw new RangeError(`Packed row of ${row.byteLength} bytes, not ${bytes}`)
  const arrays = list.map(({ name, element, length, offset }) => [
    name,
    new elements[element].array(buffer, aligned.byteOffset + offset, length),
  ])
  return { positions, entries, ...Object.fromEntries(arrays) } as Packed<S>
}
