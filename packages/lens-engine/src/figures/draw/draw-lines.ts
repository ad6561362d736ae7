// Series -> lines (or points) with bands of their intervals, axes and a legend.
import type { FigureData, FigureSeries } from '../figure-data.js'
import { scaleOf, type AxisScale } from './axis-scale.js'
import { lineColor } from './palette.js'
import { element, ink, lineBetween, textAt } from './svg-elements.js'

export interface DrawnPart {
  readonly width: number
  readonly height: number
  readonly elements: readonly string[]
}

const plot = { left: 78, top: 8, width: 520, height: 300, bottom: 50, legend: 210 } as const
const LEGEND_ROW = 19

interface Scales {
  readonly x: (value: number) => number
  readonly y: (value: number) => number
}

export function drawLines(figure: FigureData): DrawnPart {
  const points = figure.series.flatMap((one) => one.points)
  const xAxis = scaleOf(
    figure.x,
    points.map(({ x }) => x),
  )
  const yAxis = scaleOf(
    figure.y,
    points.flatMap(({ low, high }) => [low, high]),
  )
  const scales: Scales = {
    x: (value) => plot.left + plot.width * xAxis.place(value),
    y: (value) => plot.top + plot.height * (1 - yAxis.place(value)),
  }
  return {
    width: plot.left + plot.width + plot.legend,
    height: plot.top + plot.height + plot.bottom,
    elements: [
      ...drawAxes(figure, xAxis, yAxis, scales),
      ...figure.series.map((one, index) => drawBand(one, index, scales)),
      ...figure.series.map((one, index) => drawSeries(one, index, scales, figure.form)),
      ...drawLegend(figure.series),
    ],
  }
}

function drawAxes(
  { x, y }: FigureData,
  xAxis: AxisScale,
  yAxis: AxisScale,
  scales: Scales,
): readonly string[] {
  const [right, bottom] = [plot.left + plot.width, plot.top + plot.height]
  return [
    ...yAxis.ticks.flatMap(({ value, text }) => [
      lineBetween([plot.left, scales.y(value)], [right, scales.y(value)], { stroke: ink.grid }),
      textAt(text, { x: plot.left - 7, y: scales.y(value) + 4, anchor: 'end' }),
    ]),
    ...xAxis.ticks.flatMap(({ value, text }) => [
      lineBetween([scales.x(value), bottom], [scales.x(value), bottom + 5], { stroke: ink.frame }),
      textAt(text, { x: scales.x(value), y: bottom + 18, anchor: 'middle' }),
    ]),
    element('path', {
      d: `M${plot.left} ${plot.top}V${bottom}H${right}`,
      fill: 'none',
      stroke: ink.frame,
    }),
    textAt(x.label, { x: plot.left + plot.width / 2, y: bottom + 38, anchor: 'middle' }),
    textAt(labelOf(y), {
      x: 16,
      y: plot.top + plot.height / 2,
      anchor: 'middle',
      turn: -90,
    }),
  ]
}

export const labelOf = ({ label, unit }: FigureData['y']): string =>
  unit === undefined || unit === '' ? label : `${label} (${unit})`

/** The intervals as one surface, so that neighbours can be compared. */
function drawBand({ points }: FigureSeries, index: number, { x, y }: Scales): string {
  if (points.every(({ low, high }) => low === high)) return ''
  const upper = points.map((one) => place(x(one.x), y(one.high)))
  const lower = points.map((one) => place(x(one.x), y(one.low))).reverse()
  return element('path', {
    d: `M${[...upper, ...lower].join('L')}Z`,
    fill: lineColor(index),
    'fill-opacity': 0.16,
  })
}

const place = (x: number, y: number): string => `${x.toFixed(1)} ${y.toFixed(1)}`

function drawSeries(
  { points, dash }: FigureSeries,
  index: number,
  { x, y }: Scales,
  form: FigureData['form'],
): string {
  const color = lineColor(index)
  const marks = points.map((one) =>
    element('circle', {
      cx: x(one.x),
      cy: y(one.mean),
      r: form === 'points' ? 3.5 : 2,
      fill: color,
    }),
  )
  const line = element('path', {
    d: `M${points.map((one) => place(x(one.x), y(one.mean))).join('L')}`,
    fill: 'none',
    stroke: color,
    'stroke-width': 1.8,
    'stroke-dasharray': dash === true ? '6 4' : undefined,
  })
  return [...(form === 'points' ? [] : [line]), ...marks].join('')
}

function drawLegend(series: readonly FigureSeries[]): readonly string[] {
  const x = plot.left + plot.width + 18
  return series.map(({ name, dash }, index) => {
    const y = plot.top + 10 + index * LEGEND_ROW
    return (
      lineBetween([x, y], [x + 22, y], {
        stroke: lineColor(index),
        'stroke-width': 2.4,
        'stroke-dasharray': dash === true ? '6 4' : undefined,
      }) + textAt(name, { x: x + 29, y: y + 4 })
    )
  })
}
