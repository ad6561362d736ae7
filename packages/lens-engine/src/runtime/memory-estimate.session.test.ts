// The prediction against a process that really ran: loosely, since a test shares its machine (docs/memory.md has figures).
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { EngineSupervisor } from '../host/engine-supervisor.js'
import { writeRandomGpt2 } from '../testing/random-gpt2.js'

const root = mkdtempSync(join(tmpdir(), 'imprint-memory-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

it('is no less than what the engine’s process holds after the run, and not far more', async () => {
  // 90 MB of weights and 60 MB of logits and activations, so that neither is lost beside the runtime itself.
  const sizes = { layers: 6, width: 512, heads: 8, vocabularySize: 8000, contextLength: 128 }
  const model = writeRandomGpt2(join(root, 'model'), { ...sizes, scale: 0.02 })
  const supervisor = new EngineSupervisor({ home: join(root, 'home') })
  try {
    const ids = Array.from({ length: 60 }, (_, at) => (7919 * (at + 1)) % 8000)
    const request = { prompt: { ids }, target: { ids: [42] }, gradientCheck: false }
    const task = { model, requests: [request], provider: 'cpu', threads: 1 } as const
    const [result] = await supervisor.run(task)
    const predicted = result?.receipt.predictedMemory['total'] ?? NaN
    const held = supervisor.status().residentBytes ?? NaN
    expect(predicted / held).toBeGreaterThan(0.9)
    expect(predicted / held).toBeLessThan(2)
  } finally {
    await supervisor.dispose()
  }
})
