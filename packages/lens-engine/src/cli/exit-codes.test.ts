// The last column of docs/errors.md is what the command line answers to the shell.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { lensEngineErrorCodes } from '../errors.js'
import { exitCodeOf } from './exit-codes.js'

const page = readFileSync(new URL('../../../../docs/errors.md', import.meta.url), 'utf8')
const engine = page.slice(page.indexOf('## The engine'), page.indexOf('## The API'))
const documented = new Map(
  [...engine.matchAll(/^\| `([A-Z_]+)` .*\| (\d+) +\|$/gm)].map(([, code, exit]) => [
    code,
    Number(exit),
  ]),
)

describe('docs/errors.md', () => {
  it('lists the codes of the engine, each once and no others', () => {
    const rows = [...engine.matchAll(/^\| `([A-Z_]+)` /gm)].map(([, code]) => code)
    expect(rows.sort()).toEqual([...lensEngineErrorCodes].sort())
  })

  it.each(lensEngineErrorCodes)('%s has the exit code of the command line', (code) => {
    expect(documented.get(code)).toBe(exitCodeOf[code])
  })
})
