// Documents of every format, plain and gzipped, and files that are none.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { digestCorpus, guessCorpusFormat, openCorpus, readDocuments } from './text-corpus.js'

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'imprint-corpus-'))
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

async function documentsOf(name: string, content: string | Uint8Array, format?: 'paragraphs') {
  const path = join(directory, name)
  writeFileSync(path, content)
  const documents: string[] = []
  for await (const document of readDocuments(openCorpus(path, format))) documents.push(document)
  return documents
}

describe('a corpus', () => {
  it('has a document on each line that is not empty', async () => {
    const text = 'Vienna lies in Austria.\n\n  Porto lies in Portugal.\r\nno newline at the end'
    const wanted = ['Vienna lies in Austria.', 'Porto lies in Portugal.', 'no newline at the end']
    expect(await documentsOf('a.txt', text)).toEqual(wanted)
    expect(await documentsOf('a.txt.gz', gzipSync(text))).toEqual(wanted)
  })

  it('has paragraphs, JSON lines or glosses', async () => {
    expect(await documentsOf('b.txt', 'one\ntwo\n\n\nthree\n', 'paragraphs')).toEqual([
      'one\ntwo',
      'three',
    ])
    expect(
      await documentsOf('c.jsonl', '{"text": "one\\ntwo"}\n\n{"text": "three", "id": 3}'),
    ).toEqual(['one\ntwo', 'three'])
    const wordnet =
      '  1 a line of the licence | kept out\n00001740 03 n 01 entity 0 000 | a gloss; "said"\n'
    expect(await documentsOf('data.noun', wordnet)).toEqual(['a gloss; "said"'])
  })

  it('guesses its format by its name', () => {
    const names = ['x/data.verb', 'x/data.noun.gz', 'wiki.jsonl.gz', 'wiki.txt']
    expect(names.map(guessCorpusFormat)).toEqual(['wordnet', 'wordnet', 'jsonl', 'lines'])
  })

  it('has the digest of its bytes', async () => {
    const path = join(directory, 'digest.txt')
    writeFileSync(path, 'abc')
    expect(await digestCorpus(openCorpus(path))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    )
  })

  it.each([
    ['a line that is no JSON', 'd.jsonl', '{"text": "one"}\n{"text": \n', /line 2/],
    ['a line without a text', 'e.jsonl', '{"text": 3}', /line 1/],
    [
      'a gzip file that ends early',
      'f.txt.gz',
      gzipSync('word '.repeat(9000)).subarray(0, 60),
      /f\.txt/,
    ],
    ['a file that is no gzip', 'g.txt.gz', 'plain', /header/],
  ])('refuses %s by name', async (_, name, content, pattern) => {
    const reading = documentsOf(name, content)
    await expect(reading).rejects.toMatchObject({ code: 'CORPUS_INVALID' })
    await expect(reading).rejects.toThrow(pattern)
  })

  it('refuses a file that is not there', () => {
    expect(() => openCorpus(join(directory, 'absent.txt'))).toThrow(/no such file/)
  })
})
