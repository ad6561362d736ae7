import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LensEngineError } from '../errors.js'
import { RecordSplitter } from './record-splitter.js'

describe('RecordSplitter', () => {
  const objects = fc.array(
    fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 }),
    { maxLength: 6 },
  )
  const split = (text: string, cuts: readonly number[]): string[] => {
    const splitter = new RecordSplitter('f', 100_000)
    const places = [0, ...cuts.map((cut) => cut % (text.length + 1)), text.length]
    places.sort((a, b) => a - b)
    const found = places
      .slice(1)
      .flatMap((end, index) => [...splitter.push(text.slice(places[index], end))])
    splitter.end()
    return found
  }

  it('finds what JSON.parse finds, wherever the pieces are cut', () => {
    fc.assert(
      fc.property(
        objects,
        fc.array(fc.nat(), { maxLength: 8 }),
        fc.boolean(),
        (list, cuts, wide) => {
          const parsed = split(JSON.stringify(list, null, wide ? 1 : 0), cuts).map((text) =>
            JSON.parse(text),
          )
          expect(parsed).toEqual(JSON.parse(JSON.stringify(list)))
        },
      ),
      { seed: 5, numRuns: 400 },
    )
  })

  it('agrees with JSON.parse on whether a damaged array is one', async () => {
    const text = JSON.stringify([{ a: [1, { b: '}"' }] }, { c: null }])
    const valid = (act: () => unknown): boolean => {
      try {
        act()
        return true
      } catch (error) {
        if (!(error instanceof LensEngineError || error instanceof SyntaxError)) throw error
        return false
      }
    }
    const isArrayOfObjects = (damaged: string): boolean => {
      const value: unknown = JSON.parse(damaged)
      if (
        !Array.isArray(value) ||
        value.some((one) => typeof one !== 'object' || !one || Array.isArray(one))
      ) {
        throw new SyntaxError('not an array of objects')
      }
      return true
    }
    fc.assert(
      fc.property(
        fc.nat(text.length - 1),
        fc.constantFrom('', '{', '}', '[', ']', ',', '"', '\\', '1', ' '),
        (place, to) => {
          const damaged = text.slice(0, place) + to + text.slice(place + 1)
          // Without the opening bracket the file is JSON lines.
          fc.pre(damaged.startsWith('['))
          const ours = valid(() => split(damaged, [place]).forEach((record) => JSON.parse(record)))
          expect(ours, damaged).toBe(valid(() => isArrayOfObjects(damaged)))
        },
      ),
      { seed: 6, numRuns: 1000 },
    )
  })
})
