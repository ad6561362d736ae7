// Opt-in (`npm run test:real-model`): SmolLM2-135M-Instruct from its GGUF file against transformers, which reads the same file by its own code.
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openModel } from '../models/model-store.js'
import { loadModel, type LoadedModel } from '../runtime/load-model.js'
import type { LensResult } from './lens-result.js'
import { runLens } from './run-lens.js'

interface RecordedLogits {
  readonly text: string
  readonly ids: readonly number[]
  readonly topIds: readonly (readonly number[])[]
  readonly topLogits: readonly (readonly number[])[]
  readonly bottomIds: readonly (readonly number[])[]
  readonly bottomLogits: readonly (readonly number[])[]
}

const cache = process.env['IMPRINT_CACHE'] ?? join(homedir(), '.cache', 'imprint')
const file = join(cache, 'smollm2', 'SmolLM2-135M-Instruct.Q4_1.gguf')
const isWanted = process.env['IMPRINT_REAL_MODEL'] === '1' && existsSync(file)
const goldens = fileURLToPath(new URL('../../goldens-gguf/', import.meta.url))
const readJson = <T>(name: string) => JSON.parse(readFileSync(join(goldens, name), 'utf8')) as T
/** Largest difference of a logit that is accepted; logits run from about -10 to 25. */
const tolerance = 5e-4

describe.skipIf(!isWanted)('SmolLM2-135M (skipped unless `npm run test:real-model` asks)', () => {
  const home = mkdtempSync(join(tmpdir(), 'imprint-smollm2-'))
  let model: LoadedModel
  beforeAll(() => {
    model = loadModel(openModel(file, { home }), { provider: 'cpu' })
  }, 300_000)
  afterAll(async () => {
    await model.dispose()
    rmSync(home, { recursive: true })
  })

  it('gives the token ids of the Rust library', () => {
    const cases = JSON.parse(
      readFileSync(join(goldens, '..', 'goldens-tokenizer', 'cases.json'), 'utf8'),
    ) as { text: string }[]
    const digests = readJson<string[]>('smollm2-135m.ids.json')
    const spelled = cases
      .map(({ text }, index) => ({ text, digest: digests[index]! }))
      .filter(({ text }) => canSpell(model, text))
    const wrong = spelled.filter(({ text, digest }) => digestOf(model, text) !== digest)
    expect(wrong).toEqual([])
    console.log(`${spelled.length} of ${cases.length} strings compared; the others are refused`)
    expect(spelled.length).toBeGreaterThan(1500)
  })

  it('gives the logits of transformers', async () => {
    let largest = 0
    for (const recorded of readJson<RecordedLogits[]>('smollm2-135m.logits.json')) {
      expect(model.tokenizer!.encode(recorded.text)).toEqual(recorded.ids)
      const result = await readLogits(model, recorded)
      largest = Math.max(largest, compareRows(result, recorded))
    }
    console.log(`largest difference of a logit: ${largest.toExponential(2)}`)
    expect(largest).toBeLessThan(tolerance)
  }, 300_000)
})

function canSpell(model: LoadedModel, text: string): boolean {
  try {
    model.tokenizer!.encode(text)
    return true
  } catch {
    return false
  }
}

function digestOf(model: LoadedModel, text: string): string {
  const ids = model.tokenizer!.encode(text).join(',')
  return createHash('sha256').update(ids).digest('hex').slice(0, 8)
}

/** After the last block, the final-norm lens of a hidden state is the model's own output. */
async function readLogits(model: LoadedModel, { ids, topIds }: RecordedLogits) {
  const target = { ids: [topIds.at(-1)![0]!] }
  const [result] = await runLens(model, [
    {
      prompt: { ids },
      target,
      matrices: ['mlp.down'],
      topK: 10,
      imprint: false,
      gradientRank: false,
      gradientCheck: false,
    },
  ])
  return result as LensResult
}

/** Checks the most probable token of every position; answers the largest difference of the logits both sides list. */
function compareRows(result: LensResult, recorded: RecordedLogits): number {
  const cells = result.hiddenStates.reduce((a, b) => (a.layer > b.layer ? a : b))
  const differences = recorded.ids.flatMap((_, position) => {
    const row = (packed: Int32Array | Float32Array) =>
      Array.from(packed.slice(position * cells.k, (position + 1) * cells.k))
    expect(row(cells.topIds)[0]).toBe(recorded.topIds[position]![0])
    const ours = new Map([
      ...zip(row(cells.topIds), row(cells.topLogits)),
      ...zip(row(cells.bottomIds), row(cells.bottomLogits)),
    ])
    const theirs = [
      ...zip(recorded.topIds[position]!, recorded.topLogits[position]!),
      ...zip(recorded.bottomIds[position]!, recorded.bottomLogits[position]!),
    ]
    const shared = theirs.filter(([id]) => ours.has(id))
    expect(shared.length).toBeGreaterThan(15)
    return shared.map(([id, logit]) => Math.abs(ours.get(id)! - logit))
  })
  return Math.max(...differences)
}

function zip(ids: readonly number[], logits: readonly number[]): [id: number, logit: number][] {
  return ids.map((id, index) => [id, logits[index]!])
}
