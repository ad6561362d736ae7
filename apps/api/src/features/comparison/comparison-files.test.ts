import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readResultsFile } from '../../engine/testing/reference-tables.js'
import { writeSampleEvaluation } from '../../testing/sample-evaluation.js'
import type { SampleEvaluation } from '../../testing/sample-evaluation.js'
import { startTestApi } from '../../testing/test-api.js'
import type { TestApi } from '../../testing/test-api.js'
import { csvLine } from './csv-text.js'
import { escapeTex } from './latex-table.js'

let api: TestApi
let sample: SampleEvaluation
const arms = [
  { name: '=rome', method: 'rome', failed: [5] },
  { name: 'shift_1', method: 'forward-shift' },
  { name: 'base', method: 'no-edit' },
]
beforeAll(async () => {
  api = await startTestApi()
  sample = await writeSampleEvaluation(api, { arms })
})
afterAll(() => api.stop())

const download = async (file: string, id = sample.id) => {
  const response = await fetch(`${api.url}/api/evaluations/${id}/${file}`)
  return { status: response.status, headers: response.headers, text: await response.text() }
}

describe('files of an evaluation', () => {
  it('rows.csv has a line for each case and arm, and no formula', async () => {
    const { status, headers, text } = await download('rows.csv')
    expect(status).toBe(200)
    expect(headers.get('content-disposition')).toContain('sample-1-rows.csv')
    const lines = text.trimEnd().split('\r\n')
    expect(lines).toHaveLength(1 + 40 * 3)
    expect(lines[0]).toContain('place,case_id,relation,arm,model,method,outcome,error,ES,PS,NS')
    expect(lines[1]).toMatch(/^0,case-0,capital,'=rome,.*,rome,edited,,/)
    expect(lines[1 + 5 * 3]).toMatch(/^5,case-5,sport,'=rome,.*,rome,failed,NOT_FINITE,,,/)
  })

  it('cells are quoted, and formulas defused, but numbers stay numbers', () => {
    const texts = ['=1+1', '+a', '-a', '@x', '\tx', 'a,b', 'say "so"', -1.5, NaN, null, true]
    expect(csvLine(texts)).toBe(`'=1+1,'+a,'-a,'@x,"'\tx","a,b","say ""so""",-1.5,,,true\r\n`)
  })

  it('records.jsonl is a results file of the command', async () => {
    const { text } = await download('records.jsonl')
    const directory = mkdtempSync(path.join(os.tmpdir(), 'imprint-records-'))
    const file = path.join(directory, 'results.jsonl')
    writeFileSync(file, text)
    const { header, records, end } = readResultsFile(file)
    rmSync(directory, { recursive: true })
    expect(header).toMatchObject({
      protocol: 'counterfact',
      seed: 0,
      arms: [{ name: '=rome' }, {}, {}],
    })
    expect(records).toHaveLength(120)
    expect(end).toMatchObject({ rows: 119, failures: 1 })
    const own = records.find((one) => one.caseId === 'case-9' && one.method === 'base')
    expect(own).toMatchObject(
      sample.rows.find((r) => r.caseId === 'case-9' && r.method === 'base')!,
    )
  })

  it('comparisons as CSV, JSON and LaTeX hold the numbers of the API', async () => {
    const whole = await api.services.comparisons.compare(api.viewer, { evaluationIds: [sample.id] })
    const json = JSON.parse((await download('comparison.json?metrics=ES,S')).text)
    expect(json.estimates).toEqual(
      whole.estimates.filter(({ metric }) => ['ES', 'S'].includes(metric)),
    )
    const csv = (await download('comparison.csv')).text
    expect(csv).toContain(`measured,shift_1,tiny-bytes,forward-shift,sample 1,ES,`)
    expect(csv).toContain('published,')
    expect((await download('differences.csv')).text.trimEnd().split('\r\n')).toHaveLength(
      1 + whole.differences.length,
    )
    const tex = (await download('comparison.tex')).text
    const es = whole.estimates.find((e) => e.metric === 'ES' && e.armId === sample.armIds[1])!
    expect(tex).toContain('\\toprule')
    expect(tex).toMatch(/shift\\_1 & /)
    expect(tex).toContain(`${es.mean!.toFixed(1)}`)
    expect(tex).toContain('$n = 40$ cases')
    expect(tex).toContain('Of fewer cases: =rome, $n = 39$ (1 failed).')
    expect(tex).toContain('^{\\dagger}')
    // Every line of the body has as many cells as the head.
    const rows = tex.split('\n').filter((line) => line.endsWith('\\\\'))
    expect(new Set(rows.map((row) => row.split(' & ').length)).size).toBe(1)
  })

  const ofCases = (filter: unknown, more = '') =>
    `?filter=${encodeURIComponent(JSON.stringify(filter))}${more}`

  it('of chosen cases they hold the numbers that the page has of them, of any arm', async () => {
    const filter = {
      relations: ['capital', 'sport'],
      ranges: [{ armId: sample.armIds[1]!, metric: 'ES', min: 1, max: 1e6 }],
    }
    const input = { evaluationIds: [sample.id], filter }
    const page = await api.services.comparisons.compare(api.viewer, input)
    expect(page.cases).toBeGreaterThan(0)
    expect(page.cases).toBeLessThan(40)
    // Of the arm that the filter does not speak of.
    const answer = await download(
      `comparison.json${ofCases(filter, `&arms=${sample.armIds[2]}&metrics=ES`)}`,
    )
    expect(answer.headers.get('content-disposition')).toContain('sample-1-chosen-cases-comparison')
    const json = JSON.parse(answer.text)
    expect(json.cases).toBe(page.cases)
    expect(json.arms.map(({ id }: { id: string }) => id)).toEqual([sample.armIds[2]])
    expect(json.estimates).toEqual(
      page.estimates.filter((one) => one.metric === 'ES' && one.armId === sample.armIds[2]),
    )
    expect(json.before).toEqual(
      page.before
        .filter(({ metric }) => metric === 'ES')
        .map((one) => ({ ...one, armId: sample.armIds[2] })),
    )
    const tex = (await download(`comparison.tex${ofCases(filter)}`)).text
    expect(tex).toContain(`$n = ${page.cases}$ cases`)
    const pairs = (await download(`differences.csv${ofCases(filter)}`)).text.trimEnd()
    const first = page.differences[0]!
    expect(pairs.split('\r\n')[1]).toContain(`,${first.difference},${first.low},${first.high},`)
  })

  it('choose cases by what came of any arm, as the page does', async () => {
    const outcome = ofCases({ outcome: 'FAILED' }, `&arms=${sample.armIds[1]}`)
    expect(JSON.parse((await download(`comparison.json${outcome}`)).text).cases).toBe(1)
  })

  it.each([
    ['no JSON', '?filter={'],
    ['no object', ofCases(['capital'])],
    ['given twice', `${ofCases({})}&filter={}`],
    ['a field that is none', ofCases({ relation: ['capital'] })],
    ['relations that are no list', ofCases({ relations: 'capital' })],
    ['a name that no object has', ofCases({ constructor: 1 })],
    ['a range without an arm', ofCases({ ranges: [{ metric: 'ES', min: 0 }] })],
    ['a range up to a word', ofCases({ ranges: [{ armId: 'a', metric: 'ES', max: '9' }] })],
    ['a place that is no place', ofCases({ places: [0.5] })],
    ['an outcome that is none', ofCases({ outcome: 'failed' })],
    ['flips of no kind', ofCases({ flips: { firstArmId: 'a', secondArmId: 'b', kind: 'x' } })],
    ['an arm of nobody', ofCases({ ranges: [{ armId: 'a', metric: 'ES', min: 0 }] })],
    ['an unknown arm beside it', ofCases({ search: 'a' }, '&arms=nobody')],
    ['an unknown metric beside it', ofCases({ search: 'a' }, '&metrics=fame')],
  ])('refuse a filter with %s', async (_what, query) => {
    const { status, text } = await download(`comparison.csv${query}`)
    expect(status).toBe(400)
    expect(JSON.parse(text)).toMatchObject({ code: 'BAD_ARGUMENT' })
  })

  it('only what is significantly best is bold', async () => {
    const bold = async () =>
      (await download('comparison.tex?metrics=EM')).text.split('\\mathbf').length - 1
    expect(await bold()).toBe(0)
    await api.database.pool.query(
      `UPDATE case_result SET metrics[4] = 90 + place * 0.1 WHERE arm_id = $1`,
      [sample.armIds[1]],
    )
    await api.database.pool.query(
      `UPDATE evaluation SET progress_version = progress_version + 1 WHERE id = $1`,
      [sample.id],
    )
    expect(await bold()).toBe(1)
    const text = (await download('comparison.tex?metrics=EM')).text
    expect(text.split('\n').find((line) => line.includes('\\mathbf'))).toContain('shift\\_1')
  })

  // Of 40 in 40: 100 / (1 + z²/40), z = 1.959964.
  it('an interval has a width where every case is a success', async () => {
    expect((await download('comparison.tex')).text).not.toContain('Wilson')
    await api.database.pool.query(`UPDATE case_result SET metrics[1] = 100 WHERE arm_id = $1`, [
      sample.armIds[1],
    ])
    await api.database.pool.query(
      `UPDATE evaluation SET progress_version = progress_version + 1 WHERE id = $1`,
      [sample.id],
    )
    const { text } = await download('comparison.tex?metrics=ES')
    expect(text).toMatch(/shift\\_1 & \$(\\mathbf\{)?100\.0\}?_\{\\,\[91\.2,\\,100\.0\]\}\$/)
    expect(text).toContain('Wilson’s where all cases are equal')
  })

  it('are refused by name', async () => {
    expect(await download('rows.csv', 'nonsense')).toMatchObject({ status: 404 })
    expect((await download('secrets.csv')).status).toBe(404)
    expect((await download('comparison.tex?metrics=fame')).status).toBe(400)
    const other = await writeSampleEvaluation(api, { arms: [arms[2]!] })
    const refused = await download(`comparison.csv?evaluations=${other.id}`)
    expect(refused.status).toBe(409)
    expect(JSON.parse(refused.text)).toMatchObject({ code: 'DATASET_MISMATCH' })
  })

  it('an evaluation names its files and says in sentences what was computed', async () => {
    const { data, errors } = await api.graphql(
      `query($id: ID!) { evaluation(id: $id) { exports { format url } methodsText } }`,
      { id: sample.id },
    )
    expect(errors).toBeUndefined()
    expect(data.evaluation.exports.map(({ format }: { format: string }) => format)).toContain(
      'comparison.tex',
    )
    expect(data.evaluation.methodsText).toContain('3 arms on 40 cases')
  })

  it('TeX’s own characters are escaped', () => {
    expect(escapeTex('50% of a_b & {c} #1 $2 \\x ^ ~')).toBe(
      '50\\% of a\\_b \\& \\{c\\} \\#1 \\$2 \\textbackslash{}x \\textasciicircum{} \\textasciitilde{}',
    )
  })
})
