// A figure -> an SVG on a light ground for papers and documents: title, plot with intervals, legend, caption and notes.
import type { FigureData, FigureForm } from '../figure-data.js'
import { drawHeatmap } from './draw-heatmap.js'
import { drawLines, type DrawnPart } from './draw-lines.js'
import { drawTable } from './draw-table.js'
import { element, escapeText, ink, textAt, wrapText } from './svg-elements.js'

export interface DrawOptions {
  /** What the prompts and the model are, such as "SmolLM2-135M, CounterFact"; stands below the title. */
  readonly subtitle?: string
}

const drawers: Readonly<Record<FigureForm, (figure: FigureData) => DrawnPart>> = {
  lines: drawLines,
  points: drawLines,
  heatmap: drawHeatmap,
  table: drawTable,
}

const margin = { side: 16, top: 62, row: 16 } as const
/** Mean width of a character of the caption. */
const CHARACTER = 5.5
const LEAST_WIDTH = 560

/** @returns the text of an SVG file; it needs nothing besides itself */
export function drawFigure(figure: FigureData, { subtitle }: DrawOptions = {}): string {
  const part = drawers[figure.form](figure)
  const width = Math.ceil(Math.max(LEAST_WIDTH, part.width + 2 * margin.side))
  const captionTop = margin.top + part.height + 8
  const characters = Math.floor((width - 2 * margin.side) / CHARACTER)
  const lines = captionOf(figure).flatMap((text) => wrapText(text, characters))
  const height = Math.ceil(captionTop + lines.length * margin.row + 14)
  const heading = [
    figure.prompts === 1 ? 'one prompt' : `${figure.prompts} prompts`,
    ...(subtitle === undefined ? [] : [subtitle]),
    ...(hasIntervals(figure) ? [`bands: ${Math.round(100 * figure.level)}% intervals`] : []),
  ]
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="Helvetica, Arial, sans-serif" font-size="11.5" fill="${ink.text}" role="img">`,
    `<title>${escapeText(`${figure.number}: ${figure.title}`)}</title>`,
    `<desc>${escapeText(figure.caption)}</desc>`,
    element('rect', { width, height, fill: '#ffffff' }),
    textAt(`${figure.number}  ${figure.title}`, { x: margin.side, y: 26, size: 15, weight: 600 }),
    textAt(heading.join(' · '), { x: margin.side, y: 45, fill: ink.quiet }),
    element(
      'g',
      { transform: `translate(${margin.side} ${margin.top})` },
      part.elements.filter((one) => one !== '').join('\n') || '<!-- no prompts yet -->',
    ),
    ...lines.map((line, index) =>
      textAt(line, { x: margin.side, y: captionTop + 12 + index * margin.row, fill: ink.quiet }),
    ),
    '</svg>\n',
  ].join('\n')
}

const captionOf = ({ caption, notes }: FigureData): readonly string[] => [caption, ...notes]

const hasIntervals = ({ series }: FigureData): boolean =>
  series.some(({ points }) => points.some(({ low, high }) => low !== high))
