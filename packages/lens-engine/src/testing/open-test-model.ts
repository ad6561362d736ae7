// A model directory -> a LoadedModel on a copy, so that graphs are never written beside recorded files.
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { loadModel, type LoadedModel, type LoadOptions } from '../runtime/load-model.js'

export interface TestModel {
  readonly model: LoadedModel
  /** Closes the sessions and deletes the copy. */
  close(): Promise<void>
}

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Loads `source` (config.json, model.safetensors, tokenizer.json if any) from a temporary copy. */
export function openTestModel(source: string, options: LoadOptions = {}): TestModel {
  const directory = mkdtempSync(join(tmpdir(), 'imprint-test-model-'))
  for (const file of ['config.json', 'model.safetensors', 'tokenizer.json']) {
    if (existsSync(join(source, file))) copyFileSync(join(source, file), join(directory, file))
  }
  const config = readFileSync(join(directory, 'config.json'))
  const model = loadModel(
    {
      name: basename(source),
      directory,
      weightsDigest: digest(readFileSync(join(directory, 'model.safetensors'))),
      configDigest: digest(config),
      config: JSON.parse(config.toString('utf8')) as unknown,
    },
    options,
  )
  return {
    model,
    close: async () => {
      await model.dispose()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
