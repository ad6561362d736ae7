import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { LoadedModel } from '../runtime/load-model.js'
import { digestWeights, knownWeightsDigest } from './weights-digest.js'

const directory = mkdtempSync(join(tmpdir(), 'imprint-weights-digest-'))
afterAll(() => rmSync(directory, { recursive: true }))

const model = { weights: { directory, files: ['a', 'b'] } } as unknown as LoadedModel
const write = (name: string, text: string) => writeFileSync(join(directory, name), text)

it('is of the bytes in order, and looks at them again only where size or time differ', async () => {
  write('a', 'first')
  write('b', 'second')
  const digest = createHash('sha256').update('firstsecond').digest('hex')
  expect(await digestWeights(model)).toBe(digest)
  expect(await knownWeightsDigest(model)).toBe(digest)
  utimesSync(join(directory, 'a'), 1, 1)
  expect(await knownWeightsDigest(model)).toBe(digest)
  write('a', 'other')
  await expect(knownWeightsDigest(model)).rejects.toMatchObject({
    code: 'WEIGHTS_MISMATCH',
    details: { before: digest },
  })
  rmSync(join(directory, 'b'))
  await expect(knownWeightsDigest(model)).rejects.toThrow(/ENOENT/)
})
