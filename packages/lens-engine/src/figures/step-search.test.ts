// The search for the smallest step against looking at every step of the grid.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { newSearch, searchAll, stepGrid, type StepSearch } from './step-search.js'

/** Searches on made-up margins, success where they are above 0; also how many steps were tried. */
async function search(margins: readonly (readonly number[])[], changes = true) {
  const searches = margins.map((own) => ({ ...newSearch(changes), own }))
  let tried = 0
  await searchAll(searches, async (trials) => {
    tried += trials.length
    return trials.map(({ search: { own }, place }) => ({
      success: (own[place] as number) > 0,
      margin: own[place] as number,
    }))
  })
  return { found: searches.map((one: StepSearch) => one.succeeded), tried }
}

const places = stepGrid.map((_, place) => place)
const from = (low: number, high: number) =>
  places.map((place) => (place >= low && place <= high ? 1 : -1))

it('finds the first of all steps from which on every larger one succeeds', async () => {
  for (const first of places) {
    const { found, tried } = await search([from(first, 40)])
    expect(found).toEqual([first])
    expect(tried).toBeLessThan(17)
  }
})

it('finds a narrow range that the scan steps over, where the target comes closer towards it', async () => {
  for (const middle of places) {
    const peak = places.map((place) => 0.5 - Math.abs(place - middle))
    expect((await search([peak])).found).toEqual([middle])
  }
})

it('answers nothing where nothing succeeds, changes nothing, or is not a number', async () => {
  const never = places.map((place) => -Math.abs(place - 17))
  const broken = places.map((place) => (place < 9 ? -1 : Number.NaN))
  expect((await search([never, broken])).found).toEqual([null, null])
  expect(await search([from(0, 40)], false)).toEqual({ found: [null], tried: 0 })
})

it('what it finds succeeds, and what lies directly below fails', async () => {
  const curves = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), {
    minLength: places.length,
    maxLength: places.length,
  })
  await fc.assert(
    fc.asyncProperty(fc.array(curves, { minLength: 1, maxLength: 3 }), async (margins) => {
      const { found } = await search(margins)
      found.forEach((place, index) => {
        const own = margins[index] as number[]
        const scanned = own.filter((_, at) => at % 4 === 0)
        if (place === null) expect(scanned.every((margin) => margin <= 0)).toBe(true)
        else {
          expect(own[place]).toBeGreaterThan(0)
          if (place > 0) expect(own[place - 1]).toBeLessThanOrEqual(0)
        }
      })
    }),
  )
})
