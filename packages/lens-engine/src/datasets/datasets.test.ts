import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, describe, expect, it } from 'vitest'
import { LensEngineError } from '../errors.js'
import type { EvaluationCase } from './evaluation-case.js'
import { factsPath, loadDataset, readDataset, type ReadDatasetOptions } from './read-dataset.js'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'imprint-datasets-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let written = 0
const fileOf = (text: string | Buffer): string => {
  const path = join(folder, `data-${written++}.json`)
  writeFileSync(path, text)
  return path
}
const read = (value: unknown, options: Partial<ReadDatasetOptions> = {}) =>
  loadDataset({ path: fileOf(JSON.stringify(value)), ...options })
const readText = (text: string | Buffer, options: Partial<ReadDatasetOptions> = {}) =>
  loadDataset({ path: fileOf(text), ...options })

const errorOf = async (act: Promise<unknown>): Promise<LensEngineError> => {
  const error: unknown = await act.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(LensEngineError)
  return error as LensEngineError
}

const facts = await loadDataset({ path: factsPath(root), strict: true })
const fact = facts.cases[0]!
const filled = (one: EvaluationCase): string =>
  one.request.prompt.replace('{}', one.request.subject)

/** A record of EasyEdit's format made of a bundled fact. */
const easyeditRecord = (one: EvaluationCase, id: number) => ({
  case_id: id,
  prompt: filled(one),
  target_new: one.request.targetNew,
  subject: one.request.subject,
  ground_truth: one.request.targetTrue,
  rephrase_prompt: one.paraphrases[0],
  locality_prompt: one.neighbors[0]!.prompt,
  locality_ground_truth: one.neighbors[0]!.target,
})

describe('the bundled facts (the format of ROME and of multi_counterfact)', () => {
  it('reads every record, with the digest of the file', () => {
    const bytes = readFileSync(factsPath(root))
    const records = JSON.parse(bytes.toString('utf8')) as {
      paraphrase_prompts: string[]
      neighborhood_prompts: string[]
    }[]
    expect(facts.report).toMatchObject({ format: 'counterfact', records: 1500, accepted: 1500 })
    expect(facts.report.digest).toBe(createHash('sha256').update(bytes).digest('hex'))
    facts.cases.forEach((one, index) => {
      expect(one.paraphrases).toEqual(records[index]!.paraphrase_prompts)
      expect(one.neighbors.map(({ prompt }) => prompt)).toEqual(
        records[index]!.neighborhood_prompts,
      )
      expect(new Set(one.neighbors.map(({ target }) => target))).toEqual(
        new Set([one.request.targetTrue]),
      )
      expect(one.relation.source).toBe('record')
    })
  })
})

describe('other formats', () => {
  it("EasyEdit: the relation is the prompt's template", async () => {
    const second = facts.cases.find(
      (one) => one.request.prompt === fact.request.prompt && one.id !== fact.id,
    )!
    const { cases, report } = await read([easyeditRecord(fact, 0), easyeditRecord(second, 1)])
    expect(report.format).toBe('easyedit')
    expect(cases[0]).toEqual({
      id: '0',
      request: fact.request,
      relation: { id: fact.request.prompt, source: 'template' },
      paraphrases: [fact.paraphrases[0]],
      neighbors: [fact.neighbors[0]],
      generationPrompts: [],
    })
    expect(cases[1]!.relation).toEqual(cases[0]!.relation)
  })

  it('finds the subject as a whole word, not inside another', async () => {
    const record = { ...easyeditRecord(fact, 0), subject: 'Ann', prompt: 'Anna knows that Ann is' }
    expect((await read([record])).cases[0]!.request.prompt).toBe('Anna knows that {} is')
  })

  it('does not take a prompt that holds {} besides the subject', async () => {
    const prompt = `The set {} is empty, says ${fact.request.subject}`
    const { report } = await read([easyeditRecord(fact, 0), { ...easyeditRecord(fact, 1), prompt }])
    expect(report.rejections).toMatchObject([{ record: 2, field: 'prompt' }])
    expect(report.rejections[0]?.reason).toContain('besides the subject')
  })

  it('zsRE: ids count from 0, the neighbor is the question with its mark', async () => {
    const record = {
      subject: fact.request.subject,
      src: `Where did ${fact.request.subject} die?`,
      rephrase: `In which town did ${fact.request.subject} die?`,
      answers: [fact.request.targetNew],
      loc: 'nq question: where does the sun rise',
      loc_ans: 'in the east',
    }
    const { cases, report } = await read([record])
    expect(report.format).toBe('zsre')
    expect(cases[0]).toMatchObject({
      id: '0',
      request: { prompt: 'Where did {} die?', targetNew: fact.request.targetNew, targetTrue: null },
      neighbors: [{ prompt: 'nq question: where does the sun rise?', target: 'in the east' }],
    })
  })

  it('known_1000: a fact without an edit', async () => {
    const { subject, targetTrue, prompt } = fact.request
    const record = {
      known_id: 3,
      subject,
      attribute: targetTrue,
      template: prompt,
      prompt: filled(fact),
      prediction: ` ${targetTrue}`,
      relation_id: 'P20',
    }
    const { cases, report } = await read([record])
    expect(report.format).toBe('known')
    expect(cases[0]).toMatchObject({ id: '3', request: { targetNew: null, targetTrue } })
  })

  it('our own JSON lines, with or without {} and a last line feed', async () => {
    const base = { subject: fact.request.subject, target_new: 'Rome' }
    const lines = [
      { id: 'a', prompt: fact.request.prompt, ...base, neighbors: [{ prompt: 'x', target: 'y' }] },
      { id: 'b', prompt: filled(fact), ...base, relation: 'death' },
    ].map((line) => JSON.stringify(line))
    for (const text of [lines.join('\n'), `${lines.join('\r\n')}\n`]) {
      const { cases, report } = await readText(text)
      expect(report).toMatchObject({ format: 'imprint', accepted: 2, rejected: 0 })
      expect(cases.map(({ request }) => request.prompt)).toEqual([
        fact.request.prompt,
        fact.request.prompt,
      ])
      expect(cases[1]!.relation).toEqual({ id: 'death', source: 'record' })
    }
  })
})

describe('records that cannot be used', () => {
  const good = easyeditRecord(fact, 0)
  const bad: [string, object, string][] = [
    ['a missing field', { rephrase_prompt: undefined }, 'rephrase_prompt'],
    ['an empty target', { target_new: ' ' }, 'target_new'],
    ['a number for a text', { locality_prompt: 7 }, 'locality_prompt'],
    ['a subject that is not in the prompt', { subject: 'Nobody at all' }, 'prompt'],
    ['half a character', { ground_truth: 'a\ud800' }, 'ground_truth'],
    ['an id of an earlier record', { case_id: 0 }, 'id'],
  ]

  it.each(bad)('%s: listed, or thrown in strict mode', async (_, change, field) => {
    const records = [good, { ...good, case_id: 1, ...change }]
    const { report } = await read(records, { format: 'easyedit' })
    expect(report).toMatchObject({ records: 2, accepted: 1, rejected: 1 })
    expect(report.rejections[0]).toMatchObject({ record: 2, field })
    const error = await errorOf(read(records, { format: 'easyedit', strict: true }))
    expect(error.code).toBe('RECORD_INVALID')
    expect(error.details).toMatchObject({ record: 2, field })
    expect(error.message).toMatch(/^data-\d+\.json, record 2, field /)
    expect(error.cure).not.toBe('')
  })
})

describe('a value nested deeper than can be written out', () => {
  it('is listed like any other', async () => {
    const deep = '['.repeat(400_000) + ']'.repeat(400_000)
    const [good, bad] = [easyeditRecord(fact, 0), { ...easyeditRecord(fact, 1), subject: 'DEEP' }]
    const text = `${JSON.stringify(good)}\n${JSON.stringify(bad).replace('"DEEP"', deep)}\n`
    const { report } = await readText(text)
    expect(report).toMatchObject({ records: 2, accepted: 1 })
    expect(report.rejections).toMatchObject([{ record: 2, field: 'subject' }])
  })
})

describe('files that are no data set', () => {
  const one = JSON.stringify(easyeditRecord(fact, 0))
  it.each([
    ['empty', '', 'the file is empty'],
    ['cut off in a record', `[${one.slice(0, -5)}`, 'cut off'],
    ['cut off after a comma', `[${one},`, 'cut off'],
    ['no comma', `[${one}${one}]`, 'unexpected "{"'],
    ['two commas', `[${one},,${one}]`, 'unexpected ","'],
    ['a comma before the end', `[${one},]`, 'unexpected "]"'],
    ['something after the end', `[${one}] x`, 'unexpected "x"'],
    ['two objects in one line', `${one} ${one}`, 'unexpected "{"'],
    ['an array of numbers', '[1]', 'unexpected "1"'],
    ['a git-lfs pointer', 'version https://git-lfs', 'unexpected "v"'],
    ['bad JSON inside', '[{"a": tru}]', 'record 1'],
    ['mismatched brackets', '[{"a": [1}]]', 'record 1'],
    ['unknown fields', '[{"a": 1}]', 'are of no known format'],
  ])('%s', async (_, text, message) => {
    const error = await errorOf(readText(text))
    expect(error.code).toBe('DATASET_INVALID')
    expect(error.message).toContain(message)
  })

  it('names bytes that are not UTF-8, a record without end, and a file that is not there', async () => {
    const bytes = Buffer.concat([Buffer.from('[{"a":"'), Buffer.of(0xff), Buffer.from('"}]')])
    expect((await errorOf(readText(bytes))).message).toContain('not UTF-8')
    const long = `[{"a": "${'x'.repeat(5000)}`
    expect((await errorOf(readText(long, { longestRecord: 1000 }))).message).toContain(
      'longer than',
    )
    const absent = await errorOf(loadDataset({ path: join(folder, 'absent.json') }))
    expect(absent.code).toBe('FILE_UNREADABLE')
  })

  it('an empty array is a data set of no records', async () => {
    expect((await readText(' [ ]\n')).report).toMatchObject({ records: 0, accepted: 0 })
  })
})

describe('a large file', () => {
  const record = (id: number): string =>
    JSON.stringify({ ...easyeditRecord(fact, id), note: 'x'.repeat(50_000) })

  it('of 50 MB is read record by record: live memory does not grow with it', async () => {
    setFlagsFromString('--expose-gc')
    const collectGarbage = runInNewContext('gc') as () => void
    const path = fileOf(`[${Array.from({ length: 1000 }, (_, id) => record(id)).join(',')}]`)
    const reader = readDataset({ path })
    const live: number[] = []
    for await (const { id } of reader) {
      if (Number(id) % 200 !== 1) continue
      collectGarbage()
      live.push(process.memoryUsage().heapUsed)
    }
    expect(reader.report).toMatchObject({ records: 1000, accepted: 1000 })
    expect(Math.max(...live) - live[0]!).toBeLessThan(5_000_000)
  })

  it('may be left after the first record; the digest then is not known', async () => {
    const reader = readDataset({ path: fileOf(`[${record(0)},${record(1)} nonsense`) })
    for await (const one of reader) {
      expect(one.id).toBe('0')
      break
    }
    expect(reader.report).toMatchObject({ records: 1, digest: null })
  })
})

describe("EasyEdit's own files", () => {
  const shared = join(root, '..', 'shared', 'data', 'counterfact')
  const missing = !existsSync(shared)
  if (missing) console.log(`skipped: ${shared} is absent, so EasyEdit's own files are not read`)

  it.skipIf(missing).each(['counterfact-edit.json', 'counterfact-train.json'])(
    '%s',
    async (name) => {
      const { cases, report } = await loadDataset({ path: join(shared, name), strict: true })
      expect(report).toMatchObject({ format: 'easyedit', records: 10_000, accepted: 10_000 })
      const relations = new Set(cases.map((one) => one.relation.id))
      expect(relations.size).toBeGreaterThan(100)
      expect(relations.size).toBeLessThan(300)
      for (const one of cases) expect(one.request.prompt.split('{}')).toHaveLength(2)
    },
  )
})
