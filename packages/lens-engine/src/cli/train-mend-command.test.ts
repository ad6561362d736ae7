// Facts -> examples for `lens train-mend`, and the flags it refuses.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { EvaluationCase } from '../datasets/evaluation-case.js'
import type { CommandLine } from './command-line.js'
import { createTrainMendCommand, makeExamples } from './train-mend-command.js'

const place = mkdtempSync(join(tmpdir(), 'imprint-train-mend-'))
afterAll(() => rmSync(place, { recursive: true }))

const cases = ['Ada', 'Bob', 'Eve $& Co', 'Zoe'].map((subject): EvaluationCase => ({
  id: subject,
  request: { prompt: '{} lives in', subject, targetNew: ' Rome', targetTrue: ' Paris' },
  relation: { id: 'home', source: 'record' },
  paraphrases: [`The home of ${subject} is`, `Visit ${subject} in`],
  neighbors: [],
  generationPrompts: [],
}))

describe('examples', () => {
  it("take a fact, one of its paraphrases, and another fact's prompt", () => {
    const examples = makeExamples(cases, 4)
    expect(examples.map(({ request }) => request.subject).sort()).toEqual(
      cases.map(({ id }) => id).sort(),
    )
    const prompts = cases.map(({ id }) => `${id} lives in`)
    for (const { request, paraphrase, locality } of examples) {
      const own = cases.find(({ id }) => id === request.subject) as EvaluationCase
      expect(own.paraphrases).toContain(paraphrase)
      expect(prompts).toContain(locality)
      expect(locality).not.toBe(`${request.subject} lives in`)
    }
  })

  it('depend on the seed alone', () => {
    expect(makeExamples(cases, 4)).toEqual(makeExamples(cases, 4))
    expect(makeExamples(cases, 4)).not.toEqual(makeExamples(cases, 5))
  })
})

describe('flags', () => {
  const line = { home: place, print: () => {}, progress: () => {} } as unknown as CommandLine
  const run = (...flags: string[]) =>
    createTrainMendCommand(line)
      .exitOverride()
      .parseAsync([...flags, '--out', join(place, 'out.safetensors')], { from: 'user' })

  it.each([
    ['--steps', '0'],
    ['--learning-rate', '2'],
    ['--learning-rate', ''],
    ['--rank', 'many'],
  ])('refuses %s %s', async (flag, text) => {
    const running = run('--steps', '1', flag, text)
    await expect(running).rejects.toMatchObject({ code: 'BAD_ARGUMENT', details: { flag } })
  })

  it('refuses a data set with fewer facts than it keeps for validation', async () => {
    const path = join(place, 'few.json')
    const record = {
      case_id: 0,
      requested_rewrite: {
        prompt: '{} lives in',
        relation_id: 'P1',
        subject: 'Ada',
        target_new: { str: 'Rome' },
        target_true: { str: 'Paris' },
      },
      paraphrase_prompts: ['The home of Ada is'],
      neighborhood_prompts: [],
      generation_prompts: [],
    }
    writeFileSync(path, JSON.stringify([record]))
    await expect(run('--steps', '1', '--dataset', path)).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
      details: { usable: 1, validation: 50 },
    })
  })
})
