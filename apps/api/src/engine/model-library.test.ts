import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadTokenizer } from '@imprint/lens-engine'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ModelLibrary } from './model-library.js'
import { writeTinyModel } from './testing/tiny-model.js'

const families = fileURLToPath(
  new URL('../../../../packages/lens-engine/goldens-tokenizer-families/', import.meta.url),
)
const texts = [
  ' Rome',
  ' New York',
  ' Zürich',
  ' 日本',
  ' 🙂',
  ' a\nb',
  ' The capital of France is',
]

let home: string
beforeAll(() => {
  home = mkdtempSync(path.join(os.tmpdir(), 'imprint-library-'))
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

/** A tiny model with the tokenizer of a family; random weights, as nothing is computed. */
function writeModelOf(family: string): string {
  const source = path.join(families, family)
  const { vocabularySize } = loadTokenizer(source) as { vocabularySize: number }
  const directory = writeTinyModel(home, { vocabularySize }, family)
  copyFileSync(path.join(source, 'tokenizer.json'), path.join(directory, 'tokenizer.json'))
  return directory
}

/** `begins`: whether the family's tokenizer begins a text with a token of its own. */
describe.each([
  { family: 'llama2', begins: true },
  { family: 'llama3', begins: true },
  { family: 'mistral-metaspace', begins: true },
  { family: 'qwen', begins: false },
])('tokens of $family', ({ family, begins }) => {
  let library: ModelLibrary
  let directory: string
  beforeAll(() => {
    library = new ModelLibrary(home)
    directory = writeModelOf(family)
  })
  const prepare = (prompt: string, target: string) =>
    library.prepare(directory, {
      prompt: { text: prompt },
      target: { text: target },
      targetMode: 'sequence',
    })

  it.each(texts)('a target "%s" is shown as a run reads it', (text) => {
    const { tokens } = library.tokenizeTarget(directory, text)
    expect(tokens.map(({ id }) => id)).toEqual(prepare('The', text).targetIds)
    expect([tokens[0]?.start, tokens.at(-1)?.end]).toEqual([0, text.length])
    tokens.slice(1).forEach(({ start }, index) => {
      expect(start).toBeGreaterThanOrEqual(tokens[index]?.start as number)
      expect(start).toBeLessThanOrEqual(tokens[index]?.end as number)
    })
  })

  it('a prompt is shown with the token that begins it, a target without', () => {
    const { tokens } = library.tokenize(directory, 'The capital')
    const { promptLength, inputIds } = prepare('The capital', ' Rome')
    expect(tokens.map(({ id }) => id)).toEqual(inputIds.slice(0, promptLength))
    expect(tokens[0]?.end === 0).toBe(begins)
    const ids = library.tokenizeTarget(directory, ' Rome').tokens.map(({ id }) => id)
    expect(ids.includes(tokens[0]?.id as number)).toBe(false)
  })
})

it('whole words of a target stand where they are written', () => {
  const library = new ModelLibrary(home)
  const text = ' The capital of France is'
  const { tokens } = library.tokenizeTarget(path.join(home, 'llama2'), text)
  const read = tokens.map(({ start, end }) => text.slice(start, end)).join('')
  expect(read).toBe(text)
  for (const token of tokens) expect(text.slice(token.start, token.end)).toBe(token.text)
})
