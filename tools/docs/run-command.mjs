// One program to its end, or to the end of patience, with everything that it started.
import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'
import { root } from '../reliability/stage/root.mjs'

const patience = 180_000
const running = new Set()

/** Its process group, since a shell's children keep its output open when only the shell is ended. */
const endGroup = ({ pid }) => {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    if (error.code !== 'ESRCH') throw error
  }
}
process.on('exit', () => running.forEach(endGroup))

/** @returns its exit status, null when it was ended, and all that it wrote */
export function runProgram(command, words, { cwd = root, env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    running.add(child)
    let text = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (text += data))
    const timer = setTimeout(() => {
      text += `\n(ended after ${patience / 1000} s)`
      endGroup(child)
    }, patience)
    child.once('error', reject)
    child.once('close', (code) => {
      clearTimeout(timer)
      running.delete(child)
      resolve({ code, text })
    })
  })
}

const program = `node ${path.join(root, 'packages/lens-engine/dist/cli/main.js')}`

/** A command as the test types it: smaller where its row says so, `lens` as it was built here. */
export function typed({ command, row }) {
  const words = row.as.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`"${from}" is not in: ${command}`)
    return text.replace(from, to)
  }, command)
  return words
    .replace('$ROOT', root.replace(/\/$/, ''))
    .replace(/^(npm run (--silent )?lens -- |lens )/, `${program} `)
}

/** A block of TypeScript as a program of its own, where the packages of the repository are found. */
export function runBlock({ page, body }, { prelude = '', env = {} } = {}) {
  const file = path.join(root, '.imprint/examples', `${page.replace(/\W+/g, '-')}.mjs`)
  mkdirSync(path.dirname(file), { recursive: true })
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 }
  const { outputText } = ts.transpileModule(`${prelude}\n${body}`, { compilerOptions })
  writeFileSync(file, outputText)
  return runProgram(process.execPath, [file], { env })
}
