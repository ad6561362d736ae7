import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { engineVersion } from './engine-version.js'
import { LensEngineError, lensEngineErrorCodes } from './errors.js'

const root = new URL('../../../', import.meta.url)
const readText = (path: string): string => readFileSync(new URL(path, root), 'utf8')

describe('error codes', () => {
  const documented = readText('docs/errors.md')

  it.each(lensEngineErrorCodes)('%s is explained in docs/errors.md', (code) => {
    // The column is as wide as its longest code.
    expect(documented).toContain(`| \`${code}\` `)
  })

  it('serialises with its cure and values', () => {
    const error = new LensEngineError('BAD_ARGUMENT', 'topK is 0', {
      details: { topK: 0 },
      cure: 'Use 1 to 50.',
    })
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      code: 'BAD_ARGUMENT',
      message: 'topK is 0',
      cure: 'Use 1 to 50.',
      details: { topK: 0 },
    })
  })
})

describe('the version in receipts', () => {
  it('is that of package.json', () => {
    const manifest = JSON.parse(readText('packages/lens-engine/package.json')) as {
      version: string
    }
    expect(engineVersion).toBe(manifest.version)
  })
})
