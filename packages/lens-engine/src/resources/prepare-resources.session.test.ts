// What methods need, made on the way for the bundled model and asked for by name for others.
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { computeEdit } from '../edits/compute-edit.js'
import type { EditProgress } from '../edits/edit-method.js'
import { findCovariance } from '../key-covariance/covariance-store.js'
import { openModel } from '../models/model-store.js'
import { loadModel } from '../runtime/load-model.js'
import { writeRandomGpt2 } from '../testing/index.js'
import { editorPath, prepareEditor, TRAINING_STAGE } from './mend-editors.js'
import { coveredMatrices, COVARIANCE_STAGE, prepareCovariances } from './prepare-covariances.js'
import { prepareResources } from './prepare-resources.js'

const place = mkdtempSync(join(tmpdir(), 'imprint-resources-'))
const home = join(place, 'home')
const corpus = { path: join(place, 'corpus.txt'), format: 'lines' } as const
writeFileSync(corpus.path, 'The capital of France is Paris.\n'.repeat(300))
const strange = join(place, 'strange')
writeRandomGpt2(strange, {})

const bundled = loadModel(openModel('bundled', { home }))
const other = loadModel(openModel(strange, { home }))
afterAll(async () => {
  await bundled.dispose()
  await other.dispose()
  rmSync(place, { recursive: true })
})

const down = (layer: number) => ({ layer, matrix: 'mlp.down' }) as const

describe('key covariances', () => {
  it('belong to the layers that are edited, and to none where they are not used', () => {
    expect(coveredMatrices({ layer: 3, useCovariance: true })).toEqual([down(3)])
    expect(coveredMatrices({ layers: [0, 2] })).toEqual([down(0), down(2)])
    expect(coveredMatrices({ layer: 3, useCovariance: false })).toEqual([])
  })

  it('are computed once, with progress that ends at the whole corpus, and kept', async () => {
    const seen: EditProgress[] = []
    const onProgress = (progress: EditProgress) => void seen.push(progress)
    await prepareCovariances(bundled, [down(1), down(0), down(1)], { home, corpus, onProgress })
    expect(new Set(seen.map(({ stage }) => stage))).toEqual(new Set([COVARIANCE_STAGE]))
    expect(seen.map(({ done }) => done)).toEqual([0, 256, 300])
    expect(seen.every(({ total }) => total === 300)).toBe(true)
    expect(findCovariance(home, bundled, down(0)).receipt.documents).toBe(300)
    const count = seen.length
    await prepareCovariances(bundled, [down(0), down(1)], { home, corpus, onProgress })
    expect(seen).toHaveLength(count)
  })

  it('are asked for by the command that computes them, for a model without a corpus', async () => {
    const methods = [{ method: 'rome', hyperparameters: { layer: 1 } }] as const
    await expect(prepareResources(other, { home, methods })).rejects.toMatchObject({
      code: 'KEY_COVARIANCE_MISSING',
      cure: expect.stringContaining('--layers 1') as string,
    })
    const plain = [{ method: 'rome', hyperparameters: { useCovariance: false } }] as const
    await expect(prepareResources(other, { home, methods: plain })).resolves.toBeDefined()
  })

  it('stop when they are cancelled', async () => {
    const signal = AbortSignal.abort()
    await expect(
      prepareCovariances(bundled, [down(2)], { home, corpus, signal }),
    ).rejects.toMatchObject({ code: 'RUN_CANCELLED' })
  })
})

describe('editors for mend', () => {
  const training = {
    updates: 1,
    rank: 2,
    matrices: [down(7)],
    settings: { accumulation: 1 },
  } as const

  it('are trained once where the bundled model has none; two at a time leave one whole file', async () => {
    const seen: EditProgress[] = []
    const onProgress = (progress: EditProgress) => void seen.push(progress)
    const options = { home, training, onProgress }
    const paths = await Promise.all([
      prepareEditor(bundled, options),
      prepareEditor(bundled, options),
    ])
    const path = editorPath(home, bundled)
    expect(paths).toEqual([path, path])
    expect(seen).toHaveLength(2)
    expect(seen[0]).toMatchObject({ stage: TRAINING_STAGE, done: 1, total: 1 })
    expect(Number.isFinite(seen[0]?.loss)).toBe(true)
    expect(readdirSync(join(path, '..'))).toEqual(['editor.safetensors'])
    const resources = await prepareResources(bundled, { home, methods: [{ method: 'mend' }] })
    expect(resources.mendCheckpoint).toBe(path)
    const requests = [{ prompt: 'The capital of {} is', subject: 'France', target: 'Rome' }]
    const edit = await computeEdit(bundled, { method: 'mend', requests, resources })
    expect(edit.deltas.map(({ address }) => address)).toEqual([down(7)])
    const own = await prepareResources(bundled, {
      home,
      methods: [{ method: 'mend' }],
      mendCheckpoint: 'mine.safetensors',
    })
    expect(own.mendCheckpoint).toBe('mine.safetensors')
  })

  it('leave nothing behind when they are cancelled', async () => {
    const elsewhere = join(place, 'elsewhere')
    const signal = AbortSignal.abort()
    await expect(
      prepareEditor(bundled, { home: elsewhere, training, signal }),
    ).rejects.toMatchObject({ code: 'RUN_CANCELLED' })
    const directory = join(editorPath(elsewhere, bundled), '..')
    expect(existsSync(directory) ? readdirSync(directory) : []).toEqual([])
  })

  it('are asked for by the command that trains one, for another model', async () => {
    const methods = [{ method: 'mend' }] as const
    await expect(prepareResources(other, { home, methods })).rejects.toMatchObject({
      code: 'MEND_CHECKPOINT_MISSING',
      cure: expect.stringContaining('lens train-mend --model') as string,
    })
  })
})
