import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { runtimeVersion } from './runtime/ort.js'

const directory = fileURLToPath(new URL('../../../models/facts-gpt2/', import.meta.url))
const describedFiles = {
  name: 'facts-gpt2',
  directory,
  weightsDigest: '',
  configDigest: '',
  config: JSON.parse(readFileSync(join(directory, 'config.json'), 'utf8')) as unknown,
}

const sharedObjects = (): readonly string[] =>
  (process.report.getReport() as unknown as { sharedObjects: readonly string[] }).sharedObjects

it('can be imported, edit methods and all, where nothing is computed: no native runtime is loaded', async () => {
  const engine = await import('./index.js')
  expect(engine.EnginePool).toBeTypeOf('function')
  const described = engine.describeEditMethods(describedFiles)
  expect(described.map(({ name }) => name)).toEqual(engine.editMethodNames)
  const native = () => sharedObjects().filter((name) => name.includes('onnxruntime'))
  expect(native()).toEqual([])
  const runtime = createRequire(import.meta.url)('onnxruntime-node') as {
    env: { versions: { node?: string } }
  }
  expect(native()).not.toEqual([])
  expect(runtime.env.versions.node).toBe(runtimeVersion)
})
