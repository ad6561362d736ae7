import { describe, expect, it } from 'vitest'
import { LensEngineError } from '../errors.js'
import { formatHubSource, parseModelSource, type HubSource } from './model-source.js'

describe('parseModelSource', () => {
  it.each([
    ['hf:openai-community/gpt2', 'openai-community/gpt2', null, null],
    ['hf:owner/name@main', 'owner/name', 'main', null],
    ['hf:o/n.5@refs/pr/12', 'o/n.5', 'refs/pr/12', null],
    ['HF:owner/name:sub/x-Q8_0.gguf', 'owner/name', null, 'sub/x-Q8_0.gguf'],
    ['  hf:owner/name@v1.0:x.GGUF ', 'owner/name', 'v1.0', 'x.GGUF'],
    [`hf:owner/name@${'a1'.repeat(20)}`, 'owner/name', 'a1'.repeat(20), null],
  ])('%j', (text, repository, revision, file) => {
    const source = parseModelSource(text)
    expect(source).toEqual({ kind: 'hub', repository, revision, file })
    expect(parseModelSource(formatHubSource(source as HubSource))).toEqual(source)
  })

  it.each([
    ['./gpt2', 'directory'],
    ['gpt2', 'directory'],
    ['/models/a.gguf', 'gguf'],
    ['A.GGUF', 'gguf'],
    ['C:\\models\\gpt2', 'directory'],
  ])('%s is a %s', (path, kind) => expect(parseModelSource(path)).toEqual({ kind, path }))

  it.each([
    '',
    '  ',
    'a\0b',
    'x'.repeat(5000),
    'hf:',
    'hf:gpt2',
    'hf:a/b/c',
    'hf:../x',
    'hf:a/..',
    'hf:./x',
    'hf:a/b@',
    'hf:a/b@..',
    'hf:a/b@x/../y',
    'hf:a/b@x y',
    'hf:a/b@/x',
    'hf:a/b@-x',
    'hf:a/b@x?y',
    'hf:a/b@x%2e%2e',
    'hf:a/b@x#y',
    'hf:a/b:',
    'hf:a/b:x.bin',
    'hf:a/b:../x.gguf',
    'hf:a/b:/etc/x.gguf',
    'hf:a/b:a//x.gguf',
    'hf:a/b:a\\x.gguf',
    'hf:a/b:x%2f.gguf',
    'hf:a/b:a\n.gguf',
    'hf:a/．．:x.gguf',
    'hf://a/b',
    'https://huggingface.co/a/b',
    'file:///etc/passwd',
  ])('refuses %j with the cure', (text) => {
    let error: unknown = null
    try {
      parseModelSource(text)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(LensEngineError)
    expect(error).toMatchObject({ code: 'BAD_ARGUMENT' })
    expect((error as LensEngineError).cure).toContain('hf:owner/name')
  })
})
