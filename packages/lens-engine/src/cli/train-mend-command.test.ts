// The flags that `lens train-mend` refuses, and data sets that are too small.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { CommandLine } from './command-line.js'
import { createTrainMendCommand } from './train-mend-command.js'

const place = mkdtempSync(join(tmpdir(), 'imprint-train-mend-'))
afterAll(() => rmSync(place, { recursive: true }))

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
    ['--records', '1499-1000'],
    ['--layers', 'last'],
    ['--matrix', 'mlp.middle'],
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
