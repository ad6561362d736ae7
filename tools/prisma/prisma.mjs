#!/usr/bin/env node
// The Prisma CLI without a network: `node tools/prisma/prisma.mjs generate | migrate deploy | migrate dev | migrate diff ...`.
// Prisma's migration engine is a binary from a download server; schema-engine.mjs stands in for it with the WebAssembly
// build of the same engine from npm, and this file points the CLI at it.
import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, realpathSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const here = path.dirname(fileURLToPath(import.meta.url))
const repository = path.resolve(here, '../..')

/** The CLI wants one executable file; this one starts the stand-in with the Node that runs now, whatever PATH says. */
function writeEngineLauncher() {
  const directory = path.join(repository, 'node_modules', '.cache', 'imprint')
  mkdirSync(directory, { recursive: true })
  const script = path.join(here, 'schema-engine.mjs')
  const windows = process.platform === 'win32'
  const launcher = path.join(directory, windows ? 'schema-engine.cmd' : 'schema-engine')
  const text = windows
    ? `@"${process.execPath}" "${script}" %*\r\n`
    : `#!/bin/sh\nexec '${process.execPath.replaceAll("'", `'\\''`)}' '${script.replaceAll("'", `'\\''`)}' "$@"\n`
  if (!isFile(launcher, text.length)) writeFileSync(launcher, text)
  chmodSync(launcher, 0o755)
  return launcher
}

function isFile(file, size) {
  const found = statSync(file, { throwIfNoEntry: false })
  return found?.isFile() === true && found.size === size
}

const cli = createRequire(path.join(repository, 'apps/api/package.json')).resolve(
  'prisma/build/index.js',
)
const child = spawn(process.execPath, [realpathSync(cli), ...process.argv.slice(2)], {
  cwd: repository,
  stdio: 'inherit',
  env: {
    ...process.env,
    PRISMA_SCHEMA_ENGINE_BINARY: writeEngineLauncher(),
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  },
})
child.on('exit', (code, signal) => {
  process.exitCode = signal === null ? (code ?? 1) : 1
})
