// Every CSV that the API writes, of things with hostile names: no cell begins as a formula does.
import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { csvLine } from '../features/comparison/csv-text.js'
import { writeSampleEvaluation } from '../testing/sample-evaluation.js'
import { startTestApi } from '../testing/test-api.js'
import type { TestApi } from '../testing/test-api.js'

const starts = [
  '=',
  '+',
  '-',
  '@',
  '\t',
  '\r',
  '\n',
  ' =',
  '\u00a0-',
  '\ufeff@',
  '\uff1d',
  '\uff0b',
]
const evil = (start: string): string => `${start}HYPERLINK("http://evil.example";"x")`
const files = ['rows.csv', 'comparison.csv', 'differences.csv'] as const

let api: TestApi
let id: string
beforeAll(async () => {
  api = await startTestApi()
  const arms = starts.map((start) => ({ name: evil(start), method: 'rome', failed: [5] }))
  id = (await writeSampleEvaluation(api, { arms })).id
  const { pool } = api.database
  await pool.query('UPDATE model SET name = $1', [evil('=')])
  await pool.query('UPDATE evaluation SET name = $1', [evil('@')])
  const texts = [evil('+'), evil('-')]
  await pool.query(`UPDATE case_result SET relation = $2, case_id = $1 || case_id`, texts)
})
afterAll(() => api.stop())

/** RFC 4180, read the strict way: a sign outside quotes that no cell may hold is an error. */
function cellsOf(text: string): string[][] {
  const cell = /(?:"((?:[^"]|"")*)"|([^",;\t\r\n]*))(,|\r\n)/y
  const rows: string[][] = [[]]
  while (cell.lastIndex < text.length) {
    const at = cell.lastIndex
    const found = cell.exec(text)
    if (found === null) throw new Error(`no cell at ${JSON.stringify(text.slice(at, at + 60))}`)
    rows.at(-1)?.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '')
    if (found[3] === '\r\n') rows.push([])
  }
  return rows.slice(0, -1)
}

const isFormula = (cell: string): boolean =>
  /^[\s\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/.test(cell) &&
  !/^-?[\d.]+(e[+-]?\d+)?$/.test(cell)

describe.each(files)('%s', (file) => {
  it('holds hostile names and no formula', async () => {
    const response = await fetch(`${api.url}/api/evaluations/${id}/${file}`)
    expect(response.status).toBe(200)
    const rows = cellsOf(await response.text())
    expect(rows.length).toBeGreaterThan(starts.length)
    expect(new Set(rows.map((row) => row.length)).size).toBe(1)
    const cells = rows.flat()
    expect(cells.filter((cell) => cell.includes('HYPERLINK')).length).toBeGreaterThan(10)
    expect(cells.filter(isFormula)).toEqual([])
  })
})

it('every start is defused, and numbers stay numbers', () => {
  for (const start of starts) {
    const [[cell = '', number]] = cellsOf(csvLine([evil(start), -1.5])) as [string[]]
    expect(isFormula(cell)).toBe(false)
    expect(cell).toBe(`'${evil(start)}`)
    expect(number).toBe('-1.5')
  }
})

it('no file of the API writes CSV but through csvLine', () => {
  const root = path.join(import.meta.dirname, '..')
  const writers = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter(
      (name) => name.endsWith('.ts') && !name.includes('.test.') && !name.includes('generated'),
    )
    .filter((name) => readFileSync(path.join(root, name), 'utf8').includes('text/csv'))
  expect(writers.map((name) => path.basename(name))).toEqual(['comparison-file.route.ts'])
})
