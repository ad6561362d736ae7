// Figures from observations: means that can be added up by hand, intervals, what happens at the edges, and refusals.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sampleObservations } from '../testing/sample-observations.js'
import { buildFigure } from './build-figure.js'
import type { FigureData, FigureEstimate } from './figure-data.js'
import { figureKinds } from './figure-kinds.js'
import type { ObservedMatrix, PromptObservation } from './prompt-observation.js'
import { promptSegments } from './prompt-segments.js'

const kinds = figureKinds.map(({ kind }) => kind)

const estimatesOf = ({ series, cells = [] }: FigureData): readonly FigureEstimate[] => [
  ...series.flatMap(({ points }) => points),
  ...cells,
]

const seriesNamed = (figure: FigureData, name: string) =>
  figure.series.find((one) => one.name === name)?.points ?? []

const down = (one: PromptObservation): ObservedMatrix =>
  one.matrices.find(({ matrix }) => matrix === 'mlp.down') as ObservedMatrix

const average = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

describe.each(kinds)('%s', (kind) => {
  it('has means inside their intervals, at most as many prompts as there are, and no NaN', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 5 }),
        fc.nat({ max: 1000 }),
        (prompts, layers, seed) => {
          const observations = sampleObservations({ prompts, layers, seed, smallestStep: true })
          const figure = buildFigure(kind, observations, { seed })
          expect(figure.prompts).toBe(kind === 'projection-table' ? 1 : prompts)
          for (const { low, mean, high, n } of estimatesOf(figure)) {
            expect(low).toBeLessThanOrEqual(mean)
            expect(mean).toBeLessThanOrEqual(high)
            expect(n).toBeGreaterThanOrEqual(1)
            expect(n).toBeLessThanOrEqual(prompts)
          }
          expect(JSON.parse(JSON.stringify(figure))).toEqual(figure)
        },
      ),
      { numRuns: 8 },
    )
  })

  it('shows one prompt as it is, without a spread', () => {
    const figure = buildFigure(kind, sampleObservations({ prompts: 1, smallestStep: true }), {
      seed: 0,
    })
    for (const { low, mean, high, n } of estimatesOf(figure)) {
      expect([low, high, n]).toEqual([mean, mean, 1])
    }
  })

  it('does not depend on the order of prompts, nor on those that were skipped', () => {
    const observations = sampleObservations({ prompts: 11, smallestStep: true })
    const figure = buildFigure(kind, observations, { seed: 5 })
    const shuffled = [
      ...[...observations].reverse(),
      { caseId: '100', skipped: 'the case names no answer' },
    ]
    expect(buildFigure(kind, shuffled, { seed: 5 })).toEqual(figure)
  })

  it('is empty before the first prompt', () => {
    const figure = buildFigure(kind, [], { seed: 0 })
    expect([figure.prompts, figure.series, figure.cells ?? [], figure.rows ?? []]).toEqual([
      0,
      [],
      [],
      [],
    ])
    expect(figure.caption.length).toBeGreaterThan(20)
  })
})

describe('numbers', () => {
  const observations = sampleObservations({ prompts: 9, smallestStep: true })

  it('norms of a segment are the mean over prompts', () => {
    const figure = buildFigure('norms-by-segment', observations, { seed: 0 })
    const place = promptSegments.indexOf('last')
    const points = seriesNamed(figure, 'last prompt token')
    points.forEach(({ x, mean, n }) => {
      const values = observations.map(
        (one) => down(one).vjpNorm[x * promptSegments.length + place] as number,
      )
      expect(mean).toBeCloseTo(average(values), 5)
      expect(n).toBe(9)
    })
    expect(points).toHaveLength(4)
    expect(seriesNamed(figure, 'middle subject tokens')).toEqual([])
  })

  it('ranks leave out positions without a VJP', () => {
    const figure = buildFigure('target-rank-by-segment', observations, { seed: 0 })
    const place = 2 * promptSegments.length + promptSegments.indexOf('after')
    const values = observations.flatMap((one) => down(one).targetRank?.[place] ?? [])
    const point = seriesNamed(figure, 'first token after it').find(({ x }) => x === 2)
    expect(point?.mean).toBeCloseTo(average(values), 3)
    expect(point?.n).toBe(values.length)
  })

  it('smallest steps are geometric means of the prompts that have one', () => {
    const figure = buildFigure('smallest-step', observations, { seed: 0 })
    const values = observations.flatMap(({ smallestStep }) =>
      smallestStep === null || smallestStep.known
        ? []
        : (smallestStep.methods[0]?.byLayer[1] ?? []),
    )
    const point = seriesNamed(figure, 'forward shift').find(({ x }) => x === 1)
    expect(point?.mean).toBeCloseTo(Math.exp(average(values.map(Math.log))), 4)
    expect(point?.n).toBe(values.length)
  })

  it('smallest steps that fewer than half of the prompts have are not drawn but named', () => {
    const failing = observations.map((one): PromptObservation => ({
      ...one,
      smallestStep: {
        known: one.caseId === '0',
        methods: [
          { method: 'forward-shift', byLayer: [null, null, 1, one.caseId < '6' ? 2 : null] },
          { method: 'sgd', byLayer: [1, 1, 1, null] },
        ],
      },
    }))
    const { series, notes, prompts } = buildFigure('smallest-step', failing, { seed: 0 })
    expect(series.map(({ name, points }) => [name, ...points.map(({ x, n }) => [x, n])])).toEqual([
      ['forward shift', [2, 8], [3, 5]],
      ['one step of gradient descent', [0, 8], [1, 8], [2, 8]],
    ])
    expect(prompts).toBe(9)
    expect(notes.slice(1)).toEqual([
      "Targets that are the model's answer already, 1, are left out.",
      'forward shift: no step succeeds in 19 of 32 pairs of prompt and layer; means are of the others. Not drawn, as fewer than half succeed: layers 0-1.',
      'one step of gradient descent: no step succeeds in 8 of 32 pairs of prompt and layer; means are of the others. Not drawn, as fewer than half succeed: layer 3.',
    ])
  })

  it('counts how often the rank is the length of the prompt', () => {
    const pairs = observations.flatMap((one) =>
      down(one)
        .gradientRank.slice(0, -1)
        .map((rank) => rank === one.promptLength),
    )
    const equal = pairs.filter(Boolean).length
    const { notes, series } = buildFigure('gradient-rank', observations, { seed: 0 })
    expect(notes.join(' ')).toContain(
      `mlp.down: the rank equals the length of the prompt in ${equal} of 27`,
    )
    expect(series.every(({ points }) => points.at(-1)?.x === 1 && points.at(-1)?.mean === 1)).toBe(
      true,
    )
  })

  it('cosines stand on both sides of a diagonal of ones', () => {
    const { cells = [] } = buildFigure('vjp-cosine', observations, { seed: 0 })
    expect(cells).toHaveLength(16)
    for (const { x, y, mean } of cells) {
      const mirrored = cells.find((one) => one.x === y && one.y === x)
      expect(mirrored?.mean).toBe(mean)
      if (x === y) expect(mean).toBe(1)
    }
    const second = cells.find(({ x, y }) => y === 1 && x === 3)
    expect(second?.mean).toBeCloseTo(
      average(observations.map(({ vjpCosine }) => vjpCosine[4] as number)),
      5,
    )
  })

  it('answers that are right have a line of their own', () => {
    const figure = buildFigure('answer-ranks', observations, { seed: 0 })
    const right = observations.filter(({ answer }) => answer.right === true).length
    expect(figure.notes[0]).toContain(`${right} of 9`)
    const points = seriesNamed(figure, 'the same, right answers only')
    expect(Math.max(...points.map(({ n }) => n))).toBeLessThanOrEqual(right)
  })

  it('a wider level makes wider intervals, from the same resamples', () => {
    const narrow = buildFigure('norms-by-segment', observations, { seed: 0, level: 0.5 })
    const wide = buildFigure('norms-by-segment', observations, { seed: 0, level: 0.99 })
    const [a, b] = [estimatesOf(narrow), estimatesOf(wide)]
    a.forEach(({ low, high }, place) => {
      expect(b[place]?.low).toBeLessThanOrEqual(low)
      expect(b[place]?.high).toBeGreaterThanOrEqual(high)
    })
  })
})

describe('models and prompts', () => {
  const small = sampleObservations({ prompts: 3, layers: 2, vocabularySize: 11 })
  const large = sampleObservations({ prompts: 4, layers: 5, vocabularySize: 999 })

  it('lays models side by side on axes from 0 to 1', () => {
    const figure = buildFigure(
      'ranks-normalized-layer',
      [
        { name: 'small', observations: small },
        { name: 'large', observations: large },
      ],
      { seed: 0 },
    )
    expect(figure.series.map(({ name }) => name)).toEqual([
      'small: target',
      'small: answer',
      'large: target',
      'large: answer',
    ])
    const points = figure.series.flatMap((one) => one.points)
    expect(points.every(({ x, mean }) => x >= 0 && x <= 1 && mean >= 0 && mean <= 1)).toBe(true)
    expect(figure.prompts).toBe(4)
  })

  it('refuses several models in other figures, and models mixed in one set', () => {
    const sets = [
      { name: 'small', observations: small },
      { name: 'large', observations: large },
    ]
    const refusal = expect.objectContaining({ code: 'BAD_ARGUMENT' })
    expect(() => buildFigure('vjp-cosine', sets, { seed: 0 })).toThrow(refusal)
    expect(() => buildFigure('norms-by-segment', [...small, ...large], { seed: 0 })).toThrow(
      refusal,
    )
    expect(() => buildFigure('nothing' as never, small, { seed: 0 })).toThrow(refusal)
    expect(() => buildFigure('projection-table', small, { seed: 0, caseId: '77' })).toThrow(refusal)
  })

  it('shows the prompt of the case that is asked for', () => {
    const { rows, columns, notes } = buildFigure('projection-table', small, {
      seed: 0,
      caseId: '1',
    })
    expect(notes[0]).toContain('Case 1:')
    expect(columns).toEqual(['0', '1'])
    expect(rows).toHaveLength(small[1]?.promptLength as number)
  })
})
