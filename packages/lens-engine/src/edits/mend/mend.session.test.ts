// Training MEND on a tiny random model: it learns, it is stopped and resumed to the same numbers, and what it refuses.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { openTestModel } from '../../testing/open-test-model.js'
import { computeEdit } from '../compute-edit.js'
import { layOutEditor } from './editor-layout.js'
import { loadCheckpoint, loadEditor } from './editor-checkpoint.js'
import { defaultMatrices, trainMend, type TrainMendOptions } from './train-mend.js'
import type { TrainingExample } from './training-example.js'

const golden = (name: string): string =>
  fileURLToPath(new URL(`../../../goldens-memory-edits/${name}/`, import.meta.url))

const { model, close } = openTestModel(golden('gpt2'))
const other = openTestModel(golden('llama'))
const place = mkdtempSync(join(tmpdir(), 'imprint-mend-'))
afterAll(async () => {
  await close()
  await other.close()
  rmSync(place, { recursive: true })
})

const subjects = ['Ada', 'Bob', 'Lionel Messi', 'Rome', 'The tower', 'A river']
const examples: readonly TrainingExample[] = subjects.map((subject, index) => ({
  request: { prompt: '{} lives in', subject, target: index % 2 === 0 ? 'Paris' : 'the old town' },
  paraphrase: `The home of ${subject} is`,
  locality: `Because of the rain ${subjects[(index + 1) % subjects.length] as string} said`,
}))

const options = (name: string, more: Partial<TrainMendOptions> = {}): TrainMendOptions => ({
  examples: examples.slice(2),
  validation: examples.slice(0, 2),
  updates: 8,
  checkpoint: join(place, `${name}.safetensors`),
  rank: 4,
  settings: {
    seed: 5,
    accumulation: 3,
    validateEvery: 2,
    editorLearningRate: 3e-3,
    rateLearningRate: 3e-3,
  },
  ...more,
})

const [first] = examples as [TrainingExample]
const edit = (mendCheckpoint: string | undefined, hyperparameters = {}) =>
  computeEdit(model, {
    method: 'mend',
    requests: [first.request],
    hyperparameters,
    resources: mendCheckpoint === undefined ? {} : { mendCheckpoint },
  })

describe('training', () => {
  it('lowers the loss, and its editor writes an edit', async () => {
    const seen: number[] = []
    const trained = await trainMend(
      model,
      options('whole', { onProgress: ({ updates }) => seen.push(updates) }),
    )
    expect(trained.end).toBe('finished')
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(trained.matrices.length).toBe(6)
    const [start, last] = [trained.validations[0], trained.validations.at(-1)]
    expect(last?.edit).toBeLessThan((start?.edit as number) - 0.2)
    expect(trained.best?.loss).toBe(Math.min(...trained.validations.map(({ total }) => total)))

    const written = await edit(trained.checkpoint)
    expect(written.outcome).toEqual({ kind: 'edited' })
    expect(written.deltas.map(({ kind }) => kind)).toEqual(Array(6).fill('low-rank'))
    const published = await edit(trained.checkpoint, { statistics: 'training-mode' })
    expect(published.id).not.toBe(written.id)
    expect((await edit(trained.checkpoint)).id).toBe(written.id)
  })

  it('is stopped and resumed to the same numbers', async () => {
    const stop = new AbortController()
    const parts = options('parts', {
      signal: stop.signal,
      onProgress: ({ updates }) => updates === 3 && stop.abort(),
    })
    expect((await trainMend(model, parts)).end).toBe('cancelled')
    const resumed = await trainMend(model, options('parts', { resume: true, settings: {} }))
    expect(resumed.updates).toBe(8)
    const [whole, again] = ['whole', 'parts'].map((name) =>
      readFileSync(join(place, `${name}.safetensors`)),
    ) as [Buffer, Buffer]
    expect(again.equals(whole)).toBe(true)
    const { state } = loadCheckpoint(parts.checkpoint)
    expect(state.curve.map(({ updates }) => updates)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  })

  it('ends when the validation no longer improves', async () => {
    const settings = { seed: 5, accumulation: 1, validateEvery: 1, patience: 2, clip: 1e-30 }
    const still = { ...settings, editorLearningRate: 1e-30, rateLearningRate: 1e-30 }
    const trained = await trainMend(model, options('still', { updates: 50, settings: still }))
    expect(trained.end).toBe('stopped-early')
    expect(trained.updates).toBeLessThan(50)
  })

  it('edits the MLP matrices of the last three blocks unless told otherwise', () => {
    const found = defaultMatrices({ ...other.model, shape: { ...other.model.shape, layers: 7 } })
    expect(found.map(({ layer, matrix }) => `${layer} ${matrix}`)).toEqual(
      [4, 5, 6].flatMap((layer) => ['gate', 'up', 'down'].map((name) => `${layer} mlp.${name}`)),
    )
  })
})

describe('refusals', () => {
  const whole = join(place, 'whole.safetensors')

  it('names the command when there is no editor', async () => {
    for (const path of [undefined, join(place, 'absent.safetensors')]) {
      await expect(edit(path)).rejects.toMatchObject({
        code: 'MEND_CHECKPOINT_MISSING',
        cure: expect.stringContaining('lens train-mend') as string,
      })
    }
  })

  it('refuses an editor of another model', async () => {
    const running = computeEdit(other.model, {
      method: 'mend',
      requests: [first.request],
      resources: { mendCheckpoint: whole },
    })
    await expect(running).rejects.toMatchObject({
      code: 'MEND_CHECKPOINT_INVALID',
      details: { reason: 'WRONG_MODEL' },
      cure: expect.stringContaining('lens train-mend') as string,
    })
  })

  it('reads the file once for many edits, and again when it was written anew', async () => {
    const path = join(place, 'renewed.safetensors')
    const resources = { mendCheckpoint: path }
    const run = () => computeEdit(model, { method: 'mend', requests: [first.request], resources })
    writeFileSync(path, readFileSync(whole))
    const before = await run()
    expect((await run()).id).toBe(before.id)
    writeFileSync(path, 'hello')
    await expect(run()).rejects.toMatchObject({ code: 'MEND_CHECKPOINT_INVALID' })
  })

  it('does not overwrite a training with a new one', async () => {
    const bytes = readFileSync(whole)
    await expect(trainMend(model, options('whole'))).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
      details: { file: whole },
    })
    expect(readFileSync(whole).equals(bytes)).toBe(true)
  })

  it('finds out at once that the place cannot be written', async () => {
    const seen: number[] = []
    const nowhere = options(join('absent', 'editor'), {
      onProgress: ({ updates }) => seen.push(updates),
    })
    await expect(trainMend(model, nowhere)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
    expect(seen).toEqual([])
  })

  it('refuses to go on with other examples', async () => {
    const running = trainMend(
      model,
      options('whole', { resume: true, examples: examples.slice(3) }),
    )
    await expect(running).rejects.toMatchObject({ details: { reason: 'OTHER_EXAMPLES' } })
  })

  it.each([
    ['cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length - 5), 'MISSING_BYTES'],
    [
      'of another format',
      (bytes: Buffer) => replaced(bytes, 'mend-editor', 'mend-EDITOR'),
      'NO_EDITOR',
    ],
    [
      'without its rank',
      (bytes: Buffer) => replaced(bytes, '\\"rank\\"', '\\"tank\\"'),
      'BAD_RECORD',
    ],
    ['with NaN', (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -4), nan]), 'NOT_FINITE'],
    ['no safetensors', () => Buffer.from('hello'), ''],
  ])('refuses a file %s', (name, damage, reason) => {
    const path = join(place, `${name}.safetensors`)
    writeFileSync(path, damage(readFileSync(whole)))
    expect(() => loadEditor(path)).toThrowError(
      expect.objectContaining({ code: 'MEND_CHECKPOINT_INVALID' }) as Error,
    )
    if (reason !== '') {
      expect(() => loadEditor(path)).toThrowError(
        expect.objectContaining({ details: { file: path, reason } }) as Error,
      )
    }
  })

  it('refuses texts without tokens, no examples and matrices named twice', async () => {
    const empty = [{ ...first, locality: '' }]
    await expect(trainMend(model, options('none', { examples: empty }))).rejects.toMatchObject({
      code: 'PROMPT_EMPTY',
    })
    await expect(trainMend(model, options('nothing', { examples: [] }))).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
    })
    const twice = { layer: 0, matrix: 'mlp.up' } as const
    expect(() => layOutEditor([twice, twice], 4, () => [2, 3])).toThrow(/cannot be made/)
  })
})

const nan = Buffer.from(Float32Array.of(NaN).buffer)

/** The same length, so that offsets still fit. */
const replaced = (bytes: Buffer, from: string, to: string): Buffer => {
  const at = bytes.indexOf(from)
  expect(at).toBeGreaterThan(0)
  const copy = Buffer.from(bytes)
  copy.write(to, at)
  return copy
}
