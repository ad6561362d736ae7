import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { writeRandomGpt2 } from '../testing/index.js'
import { openWeights } from '../weights/open-weights.js'
import { convertGguf, convertGgufInSteps } from './import-gguf.js'
import { inspectModel } from './inspect-model.js'
import { addModel, addModelInSteps, openModel } from './model-store.js'

const root = mkdtempSync(join(tmpdir(), 'imprint-steps-'))
afterAll(() => rmSync(root, { recursive: true }))

const goldens = fileURLToPath(new URL('../../goldens-gguf/', import.meta.url))
const gguf = join(goldens, 'llama-grouped-llama3.gguf')

describe('inspectModel of a GGUF file', () => {
  it('tells from the header what the converted model is, and converts nothing', () => {
    const home = join(root, 'inspect')
    const seen = inspectModel(gguf, { home })
    expect(existsSync(home)).toBe(false)
    const model = addModel(gguf, { home })
    const known = inspectModel(model.name, { home })
    expect(seen.shape).toEqual(known.shape)
    expect(seen.parameters).toBe(known.parameters)
    expect(seen.memory).toEqual(known.memory)
    expect(seen.tokenizer).toEqual(known.tokenizer)
    const parameters = seen.tensors.filter(({ parameter }) => parameter)
    expect(parameters.map(({ name }) => name).sort()).toEqual(
      known.tensors.map(({ name }) => name).sort(),
    )
    expect(seen).toMatchObject({ stored: false, files: ['llama-grouped-llama3.gguf'] })
  })

  it('names the tokenizer that a conversion would write', () => {
    const home = join(root, 'tokenizer')
    const cases = readdirSync(goldens).filter((name) => name.endsWith('.gguf'))
    const whole = cases.filter((name) => {
      try {
        return inspectModel(join(goldens, name), { home }).tokenizer !== null
      } catch {
        return false
      }
    })
    for (const name of whole)
      expect(inspectModel(join(goldens, name), { home }).tokenizer).toEqual(
        inspectModel(convertGguf(join(goldens, name), home), { home }).tokenizer,
      )
  })
})

describe('convertGgufInSteps', () => {
  it('makes the same files as at once, says how far it is, and lets timers run in between', async () => {
    let turns = 0
    const timer = setInterval(() => turns++, 0)
    const steps: [number, number][] = []
    const stepped = await convertGgufInSteps(gguf, join(root, 'a'), {
      onConverted: (...step) => {
        steps.push(step)
        // Long enough for the timer to be due.
        const until = performance.now() + 3
        while (performance.now() < until);
      },
    })
    clearInterval(timer)
    const whole = openWeights(convertGguf(gguf, join(root, 'b')))
    const found = openWeights(stepped)
    expect(found.names()).toEqual(whole.names())
    for (const name of whole.names()) expect(found.read(name)).toEqual(whole.read(name))
    expect(steps).toHaveLength(found.names().length)
    expect(steps.at(-1)![0]).toBe(steps.at(-1)![1])
    expect(steps.every(([done], index) => index === 0 || done > steps[index - 1]![0])).toBe(true)
    expect(turns).toBeGreaterThan(steps.length / 2)
  })

  it('leaves nothing when it is stopped', async () => {
    const home = join(root, 'stopped')
    const stop = new AbortController()
    const adding = addModelInSteps(gguf, {
      home,
      signal: stop.signal,
      onConverted: () => stop.abort(new Error('enough')),
    })
    await expect(adding).rejects.toThrow('enough')
    expect(readdirSync(join(home, 'converted'))).toEqual([])
    expect(existsSync(join(home, 'models'))).toBe(false)
    expect((await addModelInSteps(gguf, { home })).config).toMatchObject({ model_type: 'llama' })
  })
})

describe('a sharded model', () => {
  it('opens from the store as well as from its directory', () => {
    const source = writeRandomGpt2(join(root, 'sharded'), { layers: 1 })
    const names = openWeights(source).names()
    const shard = 'model-00001-of-00001.safetensors'
    renameSync(join(source, 'model.safetensors'), join(source, shard))
    const weight_map = Object.fromEntries(names.map((name) => [name, shard]))
    writeFileSync(join(source, 'model.safetensors.index.json'), JSON.stringify({ weight_map }))
    const home = join(root, 'sharded-home')
    const added = addModel(source, { home })
    cpSync(source, join(root, 'moved'), { recursive: true })
    rmSync(source, { recursive: true })
    expect(openModel('sharded', { home })).toEqual(added)
    expect(openWeights(added.directory).names()).toEqual(names)
  })
})
