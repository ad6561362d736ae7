// Series by layer -> an SVG of panels side by side, each with a logarithmic axis, median lines and quartile bands.

export interface Series {
  readonly name: string
  /** Lower quartile, median and upper quartile for each layer; all above 0 to be drawn. */
  readonly rows: readonly (readonly [number, number, number])[]
}

export interface Panel {
  readonly title: string
  readonly series: readonly Series[]
}

const size = { width: 340, height: 250, left: 52, top: 60, gap: 24, bottom: 76 }
/** Colours that readers with any colour vision can tell apart (Okabe and Ito). */
const colours = ['#0072b2', '#d55e00', '#009e73'] as const
const plot = { width: size.width - size.left, height: size.height }

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const short = (value: number): string => value.toFixed(1).replace(/\.0$/, '')

/** @param labels the figure's title, and the name of the horizontal axis */
export function drawPanels(
  panels: readonly Panel[],
  labels: { readonly title: string; readonly axis: string },
): string {
  const width = panels.length * (size.width + size.gap)
  const height = size.top + size.height + size.bottom
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11">`,
    `<title>${escape(labels.title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text x="8" y="20" font-size="14">${escape(labels.title)}</text>`,
    ...panels.map((panel, index) => {
      const x = index * (size.width + size.gap) + size.left
      return `<g transform="translate(${x} ${size.top})">\n${drawPanel(panel, labels.axis)}\n</g>`
    }),
    '</svg>\n',
  ].join('\n')
}

function drawPanel({ title, series }: Panel, axis: string): string {
  const layers = Math.max(...series.map(({ rows }) => rows.length))
  const exponents = exponentRange(series)
  const x = (layer: number): number => (plot.width * layer) / Math.max(1, layers - 1)
  const y = (value: number): number => {
    const share = (Math.log10(value) - exponents[0]!) / (exponents.at(-1)! - exponents[0]!)
    return plot.height * (1 - share)
  }
  return [
    `<text y="-10" font-size="12">${escape(title)}</text>`,
    ...exponents.map((exponent) => horizontalLine(exponent, y(10 ** exponent))),
    ...ticks(layers).map(
      (layer) =>
        `<text x="${short(x(layer))}" y="${plot.height + 15}" text-anchor="middle">${layer}</text>`,
    ),
    `<text x="${plot.width / 2}" y="${plot.height + 29}" text-anchor="middle">${escape(axis)}</text>`,
    ...series.map((one, index) => drawSeries(one, colours[index % colours.length]!, { x, y })),
    ...series.map(({ name }, index) => legend(name, colours[index % colours.length]!, index)),
  ].join('\n')
}

/** Powers of ten around every drawn value, with as few lines as fit. */
function exponentRange(series: readonly Series[]): readonly number[] {
  const values = series.flatMap(({ rows }) => rows.flat()).filter((value) => value > 0)
  const low = Math.floor(Math.log10(Math.min(...values)))
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))))
  return Array.from({ length: high - low + 1 }, (_, index) => low + index)
}

const ticks = (layers: number): readonly number[] =>
  Array.from({ length: layers }, (_, layer) => layer).filter((layer) => layer % 5 === 0)

function horizontalLine(exponent: number, y: number): string {
  const label = exponent < -2 || exponent > 5 ? `1e${exponent}` : String(10 ** exponent)
  return `<path d="M0 ${short(y)}H${plot.width}" stroke="#dddddd"/><text x="-6" y="${short(y + 4)}" text-anchor="end">${label}</text>`
}

interface Scales {
  readonly x: (layer: number) => number
  readonly y: (value: number) => number
}

function drawSeries({ rows }: Series, colour: string, { x, y }: Scales): string {
  const drawn = rows.flatMap((row, layer) =>
    row.every((value) => value > 0) ? [{ row, layer }] : [],
  )
  const points = (which: 0 | 1 | 2): readonly string[] =>
    drawn.map(({ row, layer }) => `${short(x(layer))} ${short(y(row[which]))}`)
  const band = [...points(2), ...[...points(0)].reverse()].join('L')
  return [
    `<path d="M${band}Z" fill="${colour}" opacity="0.15"/>`,
    `<path d="M${points(1).join('L')}" fill="none" stroke="${colour}" stroke-width="1.8"/>`,
  ].join('\n')
}

function legend(name: string, colour: string, index: number): string {
  const y = plot.height + 43 + 14 * index
  return `<path d="M0 ${y - 4}h16" stroke="${colour}" stroke-width="2"/><text x="21" y="${y}">${escape(name)}</text>`
}
