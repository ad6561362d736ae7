// The whole grid as CSV, JSON and SVG; independent of what is on screen.
import { formatCsv } from '../../components/csv'
import { toneOf, type Theme } from './colour-scale'
import type { GridModel } from './grid-model'
import type { LensView } from './lens-view'
import { FACTORS, LENSES, matrixFacts } from './matrix-names'
import type { RunFacts } from './use-lens-run'

export function gridTitle(
  run: Pick<RunFacts, 'promptText' | 'targetText' | 'lens'>,
  model: GridModel,
): string {
  const what =
    model.surface === 'HIDDEN'
      ? 'hidden states'
      : `${matrixFacts(model.surface).label} ${model.factor ? FACTORS[model.factor].label : ''}`
  return `${run.promptText ?? 'token ids'} → ${run.targetText?.trim() ?? ''} · ${what.trim()} · ${LENSES[run.lens].label} lens`
}

export function gridFileName(run: Pick<RunFacts, 'id'>, model: GridModel): string {
  const what = model.surface === 'HIDDEN' ? 'hidden' : matrixFacts(model.surface).label
  return `imprint-${what}-${run.id.replace(/[^\w-]/g, '').slice(-12)}`
}

interface ExportCell {
  readonly layer: number
  readonly position: number
  readonly token: string
  readonly shown: string
  readonly isTarget: boolean
  readonly masked: boolean
  readonly value: number | null
}

export function exportCells(model: GridModel): ExportCell[] {
  return model.order.flatMap((layer) =>
    model.columns.map((column) => {
      const cell = model.cell(layer, column.position)
      const value = Number.isFinite(cell.value) ? cell.value : null
      return {
        layer,
        position: column.position,
        token: column.text,
        shown: cell.text,
        isTarget: cell.hit,
        masked: cell.masked,
        value,
      }
    }),
  )
}

export function gridCsv(model: GridModel): string {
  const header = ['layer', 'position', 'token', 'shown', 'is_target', 'masked', model.caption]
  return formatCsv(
    header,
    exportCells(model).map((cell) => [
      cell.layer,
      cell.position,
      cell.token,
      cell.shown,
      cell.isTarget,
      cell.masked,
      cell.value,
    ]),
  )
}

export function gridJson(run: RunFacts, model: GridModel, view: LensView): string {
  const { id, promptText, targetText, targetMode, lens, configDigest } = run
  const about = {
    run: id,
    model: run.model.name,
    promptText,
    targetText,
    targetMode,
    lens,
    configDigest,
  }
  const shown = {
    surface: model.surface,
    factor: model.factor,
    show: view.show,
    sign: view.sign,
    colour: model.caption,
  }
  return `${JSON.stringify({ ...about, ...shown, tokens: run.tokens, cells: exportCells(model) }, null, 2)}\n`
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}
// Characters that XML does not allow even when escaped.
// eslint-disable-next-line no-control-regex
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

export function escapeXml(text: string): string {
  return text
    .replace(FORBIDDEN, '\ufffd')
    .replace(/[&<>"]/g, (character) => escapes[character] ?? character)
}

const BOX = { width: 96, height: 26, gap: 2, left: 44, top: 58 }
const MONO = "font-family='JetBrains Mono, ui-monospace, monospace'"

function fit(text: string, most = 13): string {
  const characters = [...text]
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : text
}

export interface SvgPicture {
  readonly svg: string
  readonly width: number
  readonly height: number
}

export function gridSvg(
  run: Pick<RunFacts, 'promptText' | 'targetText' | 'lens'>,
  model: GridModel,
  theme: Theme,
): SvgPicture {
  const paper =
    theme === 'dark'
      ? { back: '#1a1c1f', text: '#e9eaec', muted: '#a0a4aa' }
      : { back: '#ffffff', text: '#1b1c1e', muted: '#6a6c70' }
  const width = BOX.left + model.columns.length * BOX.width + 14
  const height = BOX.top + model.layers * BOX.height + 34
  const parts = [
    `<rect width="${width}" height="${height}" fill="${paper.back}"/>`,
    `<text x="14" y="22" font-size="13" font-weight="600" font-family="Inter, system-ui, sans-serif" fill="${paper.text}">${escapeXml(fit(gridTitle(run, model), Math.max(30, Math.floor(width / 7.5))))}</text>`,
    ...model.columns.map(
      (column) =>
        `<text x="${BOX.left + column.position * BOX.width + 6}" y="${BOX.top - 8}" font-size="11" ${MONO} fill="${paper.muted}">${escapeXml(fit(column.text))}</text>`,
    ),
  ]
  model.order.forEach((layer, row) => {
    const y = BOX.top + row * BOX.height
    parts.push(
      `<text x="${BOX.left - 10}" y="${y + 17}" font-size="11" text-anchor="end" ${MONO} fill="${paper.muted}">${layer}</text>`,
    )
    for (const { position } of model.columns) {
      const cell = model.cell(layer, position)
      const tone = cell.masked
        ? { background: paper.back, ink: paper.muted }
        : toneOf(theme, cell.tone)
      const x = BOX.left + position * BOX.width
      parts.push(
        `<rect x="${x}" y="${y}" width="${BOX.width - BOX.gap}" height="${BOX.height - BOX.gap}" rx="3" fill="${tone.background}"/>`,
        `<text x="${x + 6}" y="${y + 16}" font-size="11" ${MONO} font-weight="${cell.hit ? 700 : 400}" fill="${tone.ink}">${escapeXml(fit(cell.text))}</text>`,
      )
    }
  })
  parts.push(
    `<text x="${BOX.left}" y="${height - 12}" font-size="11" font-family="Inter, system-ui, sans-serif" fill="${paper.muted}">${escapeXml(`Colour: ${model.caption}, ${model.ticks.join(' to ')}. Bold: the target.`)}</text>`,
  )
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${parts.join('')}</svg>`
  return { svg, width, height }
}
