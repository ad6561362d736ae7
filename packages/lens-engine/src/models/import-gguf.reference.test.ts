import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { loadTokenizer } from '../tokenizers/load-tokenizer.js'
import { openWeights } from '../weights/open-weights.js'
import { convertGguf, convertedFrom } from './import-gguf.js'
import { addModel, openModel } from './model-store.js'
import { readConfig } from './read-config.js'

const home = mkdtempSync(join(tmpdir(), 'imprint-gguf-'))
afterAll(() => rmSync(home, { recursive: true }))

const package_ = fileURLToPath(new URL('../../', import.meta.url))
const ggufOf = (name: string) => join(package_, 'goldens-gguf', `${name}.gguf`)

/** Prefixes and buffers that one layout has and the other leaves out. */
const plainName = (name: string) => name.replace(/^(model|transformer)\./, '')
const isBuffer = (name: string) => /\.attn\.(masked_)?bias$/.test(name)

describe('a GGUF file written as the converters of llama.cpp write it', () => {
  it.each([
    ['llama-grouped-llama3', 'goldens-families', 'llama'],
    ['qwen2-tied', 'goldens-families', 'qwen2'],
    ['qwen3-head-norms', 'goldens-families', 'qwen3'],
    ['d32-h4', 'goldens', 'gpt2'],
  ])('%s: gives back the tensors it was made of', (name, folder, modelType) => {
    const converted = convertGguf(ggufOf(name), home)
    const found = openWeights(converted)
    const original = openWeights(join(package_, folder, name))
    const wanted = original.names().filter((tensor) => !isBuffer(tensor))
    const byPlainName = new Map(found.names().map((tensor) => [plainName(tensor), tensor]))
    expect([...byPlainName.keys()].sort()).toEqual(wanted.map(plainName).sort())
    for (const tensor of wanted) {
      const same = byPlainName.get(plainName(tensor))!
      expect(found.get(same).shape).toEqual(original.get(tensor).shape)
      expect(found.read(same)).toEqual(original.read(tensor))
    }
    expect(readConfig(converted).config['model_type']).toBe(modelType)
    expect(convertedFrom(converted)).toBe(ggufOf(name))
  })

  it('gives the configuration back, tied or untied, and the tokenizer', () => {
    const untied = readConfig(convertGguf(ggufOf('qwen3-head-norms'), home)).config
    expect(untied).toMatchObject({ head_dim: 10, num_key_value_heads: 2, vocab_size: 101 })
    expect(untied['tie_word_embeddings']).toBe(false)
    const tied = ['qwen2-tied', 'llama-grouped-llama3', 'd32-h4'].map(
      (name) => readConfig(convertGguf(ggufOf(name), home)).config['tie_word_embeddings'],
    )
    expect(tied).toEqual([true, true, true])
    const tokenizer = loadTokenizer(convertGguf(ggufOf('qwen3-head-norms'), home))!
    expect(tokenizer.vocabularySize).toBe(101)
    expect(tokenizer.encode('is a<|endoftext|>')).toEqual([73, 83, 95, 96])
    expect(() => tokenizer.encode('é')).toThrow(
      expect.objectContaining({ code: 'PROMPT_NOT_TEXT' }),
    )
  })

  it('is opened and added by its path, converted once, and keeps its place as the source', () => {
    const opened = openModel(ggufOf('qwen2-tied'), { home })
    expect(opened).toMatchObject({ name: 'qwen2-tied', source: ggufOf('qwen2-tied') })
    expect(opened.config).toMatchObject({
      model_type: 'qwen2',
      num_key_value_heads: 2,
      rms_norm_eps: 1e-6,
      tie_word_embeddings: true,
      vocab_size: 101,
    })
    const added = addModel(ggufOf('qwen2-tied'), { home, name: 'mine' })
    expect(added.weightsDigest).toBe(opened.weightsDigest)
    expect(openModel('mine', { home }).directory).toBe(added.directory)
    const converted = readdirSync(join(home, 'converted'))
    expect(converted.filter((name) => name.startsWith('qwen2'))).toHaveLength(1)
  })
})
