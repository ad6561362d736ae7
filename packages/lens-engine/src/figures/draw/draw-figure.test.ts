// Figures as SVG: well formed whatever the texts are, every series and interval drawn, nothing that is not a number.
import { describe, expect, it } from 'vitest'
import { sampleObservations } from '../../testing/sample-observations.js'
import { buildFigure } from '../build-figure.js'
import type { FigureData } from '../figure-data.js'
import { figureKinds } from '../figure-kinds.js'
import { scaleOf, shortNumber } from './axis-scale.js'
import { drawFigure } from './draw-figure.js'

/** Reads tags one after the other; throws at what an XML parser would refuse in such a file. */
function checkWellFormed(svg: string): void {
  const open: string[] = []
  const rest = svg
    .replaceAll(/<!--.*?-->/gs, '')
    .replaceAll(
      /<(\/?)([a-z]+)((?:\s+[a-zA-Z0-9:-]+="[^"<]*")*)\s*(\/?)>/g,
      (_tag, closes: string, name: string, _attributes, empty: string) => {
        if (closes === '/') expect(open.pop()).toBe(name)
        else if (empty !== '/') open.push(name)
        return ''
      },
    )
  expect(open).toEqual([])
  expect(rest).not.toMatch(/[<>]/)
  expect(rest.replaceAll(/&(amp|lt|gt|quot);/g, '')).not.toContain('&')
}

const observations = sampleObservations({ prompts: 6, layers: 7, smallestStep: true })

describe.each(figureKinds)('$kind', ({ kind, number, title }) => {
  const figure = buildFigure(kind, observations, { seed: 0 })
  const svg = drawFigure(figure, { subtitle: 'A & B <c>' })

  it('is well formed, named and free of NaN', () => {
    checkWellFormed(svg)
    expect(svg).toContain(`<title>${number}: ${title}</title>`)
    expect(svg).toContain('A &amp; B &lt;c&gt;')
    expect(svg).not.toMatch(/NaN|Infinity|undefined/)
    for (const { name } of figure.series) expect(svg).toContain(`>${name}</text>`)
  })

  it('draws nothing for no prompts, and stays a figure', () => {
    const empty = drawFigure(buildFigure(kind, [], { seed: 0 }))
    checkWellFormed(empty)
    expect(empty).not.toMatch(/NaN|Infinity|undefined/)
  })
})

it('draws a mark for every point and a band for every series with a spread', () => {
  const figure = buildFigure('norms-by-segment', observations, { seed: 0 })
  const svg = drawFigure(figure)
  const points = figure.series.flatMap((one) => one.points)
  expect(svg.match(/<circle/g)).toHaveLength(points.length)
  expect(svg.match(/fill-opacity/g)).toHaveLength(figure.series.length)
  expect(svg).toContain('bands: 95% intervals')
})

it('keeps texts of control characters and line ends readable', () => {
  const figure: FigureData = {
    ...buildFigure('projection-table', observations, { seed: 0 }),
    rows: [{ name: '\u0000\n', cells: [{ text: '\u001b<script>', value: 1 }] }],
    columns: ['0'],
  }
  const svg = drawFigure(figure)
  checkWellFormed(svg)
  expect(svg).toContain('⏎')
  // eslint-disable-next-line no-control-regex
  expect(svg).not.toMatch(/[\u0000\u001b]|<script/)
})

describe('axes', () => {
  it('put the ends of a domain at the ends and ticks inside', () => {
    const linear = scaleOf({ label: '', scale: 'linear', domain: [0, 49151] }, [])
    expect([linear.place(0), linear.place(49151)]).toEqual([0, 1])
    expect(linear.ticks.map(({ text }) => text)).toEqual([
      '0',
      '10,000',
      '20,000',
      '30,000',
      '40,000',
    ])
  })

  it('show powers of ten on a logarithmic axis', () => {
    const log = scaleOf({ label: '', scale: 'log' }, [0.001, 0.1, 100])
    expect(log.ticks.map(({ value }) => value)).toEqual([0.001, 0.01, 0.1, 1, 10, 100])
    expect(log.place(0.001)).toBeCloseTo(0, 9)
    expect(log.place(100)).toBeCloseTo(1, 9)
  })

  it('begin at zero where all values are positive, and survive equal values', () => {
    const scale = scaleOf({ label: '', scale: 'linear' }, [3, 7])
    expect(scale.place(0)).toBe(0)
    expect(scale.place(7)).toBeLessThan(1)
    expect(scaleOf({ label: '', scale: 'linear' }, [0, 0]).place(0)).toBe(0)
    expect(scaleOf({ label: '', scale: 'log' }, []).ticks.length).toBeGreaterThan(0)
  })

  it('write numbers as short as their step allows', () => {
    expect([0.25, 10000, 1e-5, 0.5, 2].map((value) => shortNumber(value, value))).toEqual([
      '0.25',
      '10,000',
      '1e-5',
      '0.5',
      '2',
    ])
    const small = scaleOf({ label: '', scale: 'linear', domain: [0, 0.001] }, [])
    expect(small.ticks.map(({ text }) => text)).toEqual([
      '0',
      '2e-4',
      '4e-4',
      '6e-4',
      '8e-4',
      '0.001',
    ])
    expect([2.5e-4, 7.5e-4, 12.5e6].map((value) => shortNumber(value, value))).toEqual([
      '2.5e-4',
      '7.5e-4',
      '1.25e7',
    ])
  })
})
