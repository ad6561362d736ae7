// `lens neuron` as a program of its own, on a tiny random model.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { findPackageRoot } from '../models/home.js'
import { writeRandomGpt2 } from '../testing/random-gpt2.js'

const root = mkdtempSync(join(tmpdir(), 'imprint-neuron-cli-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const shape = { layers: 2, width: 16, heads: 2, vocabularySize: 40, contextLength: 16 }
const model = writeRandomGpt2(join(root, 'tiny'), shape)
const main = join(findPackageRoot('@imprint/lens-engine') ?? '.', 'dist', 'cli', 'main.js')

function neuron(...flags: string[]) {
  const env = { ...process.env, IMPRINT_HOME: join(root, 'home') }
  const all = [main, 'neuron', ...flags, '--model', model]
  return spawnSync(process.execPath, all, { env, encoding: 'utf8' })
}

test('prints words, norms and near neurons as JSON and as a table', () => {
  const { stdout, status, stderr } = neuron('1', '5', '--json')
  expect(status, stderr).toBe(0)
  const reading = JSON.parse(stdout) as Record<string, unknown>
  expect(reading).toMatchObject({ layer: 1, index: 5, gated: false })
  const { words, nearest } = reading as {
    words: Record<string, { top: { score: number }[]; bottom: { score: number }[] }>
    nearest: Record<string, { cosine: number }[]>
  }
  expect(Object.keys(words)).toEqual(['key', 'value'])
  expect(words['key']?.top).toHaveLength(10)
  expect(words['key']!.top[0]!.score).toBeGreaterThan(words['key']!.bottom[0]!.score)
  expect(nearest['value']).toHaveLength(8)
  const table = neuron('1', '5', '--no-color').stdout
  expect(table).toContain('neuron 5 of layer 1')
  expect(table).toContain('nearest by value')
})

test.each([
  ['2', '0'],
  ['0', '64'],
  ['0', 'x'],
])('refuses layer %s, neuron %s', (layer, index) => {
  const { status, stderr } = neuron(layer, index, '--json')
  expect(status).not.toBe(0)
  expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'BAD_ARGUMENT' } })
})
