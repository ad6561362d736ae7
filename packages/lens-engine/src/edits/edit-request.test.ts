import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { loadTokenizer } from '../tokenizers/load-tokenizer.js'
import { readGoldens } from '../testing/read-golden.js'
import { describeModel } from '../runtime/describe-model.js'
import { fillTemplate, findSubject, prepareEditRequest, spaceTarget } from './edit-request.js'

const directory = fileURLToPath(new URL('../../../../models/facts-gpt2/', import.meta.url))
const tokenizer = loadTokenizer(directory)
if (tokenizer === null) throw new Error('the bundled model has a tokenizer')
const golden = readGoldens('goldens')[0]
const shape = { ...shapeOf(), contextLength: 256, vocabularySize: tokenizer.vocabularySize }
const model = { tokenizer, shape }

function shapeOf() {
  const files = {
    name: 'x',
    directory: golden?.directory ?? '',
    weightsDigest: '',
    configDigest: '',
  }
  const config = {
    model_type: 'gpt2',
    n_embd: 8,
    n_head: 2,
    n_layer: 2,
    n_positions: 256,
    vocab_size: 8,
  }
  return describeModel({ ...files, config }).shape
}

const request = { prompt: 'The capital of {} is', subject: 'France', target: 'Rome' }
const textOf = (ids: readonly number[]): string => tokenizer.decode([...ids])

describe('an edit request', () => {
  it('is the same with {} as with the subject written out', () => {
    const placed = prepareEditRequest(model, request)
    const { promptIds, lookup, last, targetIds, template, prompt } = placed
    const written = prepareEditRequest(model, { ...request, prompt: 'The capital of France is' })
    expect(prompt).toBe('The capital of France is')
    expect(template).toBe('The capital of {} is')
    expect({ ...written, request: null }).toEqual({ ...placed, request: null })
    expect(promptIds).toEqual(tokenizer.encode(prompt))
    expect(textOf(promptIds.slice(0, lookup + 1))).toBe('The capital of France')
    expect(last).toBe(promptIds.length - 1)
    expect(textOf(targetIds)).toBe(' Rome')
  })

  it.each(['Rome', ' Rome'])('gives the target %j one leading space', (target) => {
    expect(textOf(prepareEditRequest(model, { ...request, target }).targetIds)).toBe(' Rome')
  })

  it.each(['Q', 'Anne-Marie Duff', 'Łódź', '東京', 'O’Neil'])(
    'finds the last token of %j',
    (subject) => {
      const { promptIds, lookup, subjectSpan } = prepareEditRequest(model, { ...request, subject })
      expect(lookup).toBe(subjectSpan.end - 1)
      const until = (end: number): string => textOf(promptIds.slice(0, end))
      expect(until(lookup + 1)).toContain(subject)
      expect(until(lookup)).not.toContain(subject)
      expect(until(subjectSpan.first).trimEnd()).toBe('The capital of')
    },
  )

  it('finds a subject at the very beginning and at the very end', () => {
    const first = prepareEditRequest(model, { ...request, prompt: '{} is' })
    expect(first.subjectSpan.first).toBe(0)
    const last = prepareEditRequest(model, { ...request, prompt: 'The capital of {}' })
    expect(last.lookup).toBe(last.last)
  })

  it('counts tokens that are put before the prompt', () => {
    const plain = prepareEditRequest(model, request)
    const counted = prepareEditRequest(model, request, { firstIds: [0, 0] })
    expect(counted.promptIds).toEqual([0, 0, ...plain.promptIds])
    expect([counted.lookup, counted.last]).toEqual([plain.lookup + 2, plain.last + 2])
  })

  it('finds a subject in a longer text', () => {
    const text = 'Because. The capital of France is'
    const { ids, lookup } = findSubject(model, text, 'France', text.indexOf('France'))
    expect(textOf(ids.slice(0, lookup + 1))).toBe('Because. The capital of France')
    expect(fillTemplate('a {} b', '$& {}')).toBe('a $& {} b')
    expect(spaceTarget('\nx')).toBe('\nx')
  })

  it.each([
    [{ prompt: 'The capital of Spain is' }, 'SUBJECT_NOT_IN_PROMPT'],
    [{ subject: '  ' }, 'SUBJECT_NOT_IN_PROMPT'],
    [{ prompt: '{} and {} are' }, 'SUBJECT_AMBIGUOUS'],
    [{ prompt: 'France, the capital of France is' }, 'SUBJECT_AMBIGUOUS'],
    [{ subject: 'aa', prompt: 'aaa is' }, 'SUBJECT_AMBIGUOUS'],
    [{ target: '' }, 'TARGET_EMPTY'],
    [{ target: ' \n ' }, 'TARGET_EMPTY'],
    [{ target: 'no '.repeat(80) }, 'TARGET_TOO_LONG'],
    [{ prompt: `{} ${'is '.repeat(300)}` }, 'PROMPT_TOO_LONG'],
    [{ subject: '\ud800' }, 'PROMPT_NOT_TEXT'],
  ])('%j is refused as %s', (change, code) => {
    expect(() => prepareEditRequest(model, { ...request, ...change })).toThrow(
      expect.objectContaining({ code }),
    )
  })

  it('needs a tokenizer', () => {
    expect(() => prepareEditRequest({ ...model, tokenizer: null }, request)).toThrow(
      expect.objectContaining({ code: 'TOKENIZER_MISSING' }),
    )
  })
})
