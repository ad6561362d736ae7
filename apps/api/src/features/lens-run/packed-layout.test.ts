import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  cellsLayout,
  decodePacked,
  encodePacked,
  hiddenLayout,
  imprintLayout,
} from './packed-layout.js'
import type { PackedCellRow, PackedLayout } from './packed-layout.js'

const arrays = { f32: Float32Array, i32: Int32Array, u8: Uint8Array }

function sample(
  layout: PackedLayout<never>,
  positions: number,
  entries: number,
  value: (index: number) => number,
) {
  const sections = Object.entries(
    layout.sections as Record<string, readonly ['f32' | 'i32' | 'u8', string]>,
  )
  const filled = sections.map(([name, [element, extent]]) => {
    const length = extent === 'position' ? positions : positions * entries
    return [name, new arrays[element](Array.from({ length }, (_, index) => value(index)))]
  })
  return { positions, entries, ...Object.fromEntries(filled) }
}

describe('packed layout', () => {
  for (const [name, layout] of Object.entries({ cellsLayout, hiddenLayout, imprintLayout })) {
    it(`${name} comes back as it went in, for any size`, () => {
      fc.assert(
        fc.property(
          fc.nat(40),
          fc.integer({ min: 1, max: 12 }),
          fc.integer(),
          (positions, entries, seed) => {
            const packed = sample(
              layout as never,
              positions,
              entries,
              (index) => (seed + index * 7) % 251,
            )
            expect(
              decodePacked(layout as never, encodePacked(layout as never, packed as never)),
            ).toEqual(packed)
          },
        ),
        { numRuns: 50 },
      )
    })
  }

  it('keeps the exact bits of extreme floats and negative ranks', () => {
    const packed = sample(cellsLayout as never, 3, 2, () => 0) as unknown as PackedCellRow
    packed.vjpNorm.set([1e-45, 3.4028234663852886e38, -0])
    packed.targetRank.set([-1, 2 ** 31 - 1, 0])
    const back = decodePacked(cellsLayout, encodePacked(cellsLayout, packed))
    expect([...back.vjpNorm]).toEqual([1.401298464324817e-45, 3.4028234663852886e38, -0])
    expect([...back.targetRank]).toEqual([-1, 2147483647, 0])
  })

  it('reads a row that does not start at an aligned address', () => {
    const row = encodePacked(
      hiddenLayout,
      sample(hiddenLayout as never, 5, 3, (index) => index) as never,
    )
    const shifted = new Uint8Array(row.length + 1)
    shifted.set(row, 1)
    expect(decodePacked(hiddenLayout, shifted.subarray(1))).toEqual(decodePacked(hiddenLayout, row))
  })

  it('is about 130 bytes a cell for ten tokens at each end', () => {
    const row = encodePacked(cellsLayout, sample(cellsLayout as never, 20, 10, () => 1) as never)
    expect(row.length / 20).toBeLessThan(260)
  })

  it('refuses rows of another layout, version or length, and arrays of the wrong length', () => {
    const row = encodePacked(cellsLayout, sample(cellsLayout as never, 2, 2, () => 1) as never)
    expect(() => decodePacked(hiddenLayout, row)).toThrow('layout 1')
    expect(() => decodePacked(cellsLayout, row.subarray(0, row.length - 1))).toThrow('bytes')
    expect(() => decodePacked(cellsLayout, new Uint8Array(4))).toThrow('Not a packed row')
    const newer = row.slice()
    newer[4] = 9
    expect(() => decodePacked(cellsLayout, newer)).toThrow('version 9')
    const wrong = { ...decodePacked(cellsLayout, row), topIds: new Int32Array(1) }
    expect(() => encodePacked(cellsLayout, wrong)).toThrow('topIds has 1 values, not 4')
  })
})
