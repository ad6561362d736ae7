// The grid as CSV, JSON, SVG and PNG, and the vectors as safetensors: each file is opened and checked.
import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { expect, test } from '../fixtures.js'
import { LensPage } from '../lens-page.js'

async function download(page: Page, item: string): Promise<Buffer> {
  await page.getByRole('button', { name: 'Export' }).click()
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: item }).click(),
  ])
  return readFileSync(await file.path())
}

interface ExportedGrid {
  readonly promptText: string
  readonly tokens: readonly { readonly text: string }[]
  readonly cells: readonly {
    readonly layer: number
    readonly position: number
    readonly shown: string
  }[]
}

test('every export holds the whole grid', async ({ page }) => {
  const lens = new LensPage(page)
  await lens.open()
  await lens.waitForCells()
  const rows = Number(await lens.grid.getAttribute('aria-rowcount')) - 1
  const columns = Number(await lens.grid.getAttribute('aria-colcount')) - 1

  const lines = (await download(page, 'Grid as CSV')).toString('utf8').trim().split(/\r?\n/)
  expect(lines[0]).toContain('layer,position,token,shown')
  expect(lines).toHaveLength(1 + rows * columns)

  const json = JSON.parse((await download(page, 'Grid as JSON')).toString('utf8')) as ExportedGrid
  expect(json.cells).toHaveLength(rows * columns)
  expect(json.tokens).toHaveLength(columns)
  await expect(lens.prompt).toHaveValue(json.promptText)
  const shown = await lens.selected.textContent()
  const [layer, position] = ((await lens.selected.getAttribute('data-cell')) ?? '')
    .split('.')
    .map(Number)
  expect(json.cells.find((cell) => cell.layer === layer && cell.position === position)?.shown).toBe(
    shown,
  )

  const svg = (await download(page, 'Grid as SVG')).toString('utf8')
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/)
  expect(svg.match(/<rect /g)).toHaveLength(1 + rows * columns)

  const png = await download(page, 'Grid as PNG')
  expect(png.subarray(1, 4).toString('latin1')).toBe('PNG')
  expect(png.length).toBeGreaterThan(2_000)
})

test('the vectors come as safetensors', async ({ page }) => {
  const lens = new LensPage(page)
  await lens.open()
  await lens.waitForCells()
  const bytes = await download(page, 'Vectors')
  const headerLength = Number(bytes.readBigUInt64LE(0))
  const header = JSON.parse(bytes.subarray(8, 8 + headerLength).toString('utf8')) as Record<
    string,
    unknown
  >
  expect(Object.keys(header)).toContain('layers.0.mlp.down.vjp')
  expect(Object.keys(header)).toContain('layers.0.attention.query.input')
})
