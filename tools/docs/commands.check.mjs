// The commands of the pages that need no server, typed one after the other in one folder.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { after, test } from 'node:test'
import { blocksOf, documentedCommands } from './commands.mjs'
import { runBlock, runProgram, typed } from './run-command.mjs'

const env = () => ({ IMPRINT_HOME: path.join(directory, 'home') })
const directory = mkdtempSync(path.join(os.tmpdir(), 'imprint-commands-'))
const cwd = path.join(directory, 'playground')
mkdirSync(cwd)
after(() => rmSync(directory, { recursive: true, force: true }))

for (const one of documentedCommands().filter(({ row }) => row?.where === 'terminal'))
  test(`${one.page}: ${one.command}`, async () => {
    const { code, text } = await runProgram('bash', ['-c', typed(one)], { cwd, env: env() })
    assert.equal(code, 0, text)
  })

test('packages/lens-engine/README.md: its TypeScript', async () => {
  const [block] = blocksOf('packages/lens-engine/README.md').filter(
    ({ language }) => language === 'ts',
  )
  const prelude = `import { EngineSupervisor } from '@imprint/lens-engine'
const { signal } = new AbortController()`
  const { code, text } = await runBlock(block, { prelude, env: env() })
  assert.equal(code, 0, text)
  assert.match(text, /computing/)
})
