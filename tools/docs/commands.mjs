// Pages -> the commands in their blocks, each with the row of the table that says how a test runs it.
import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { root } from '../reliability/stage/root.mjs'
import { rows } from './command-rows.mjs'

const fence = /^```(\w*)\n([\s\S]*?)^```/gm
const programs = /^(npm|npx|node|lens|python3|curl|docker|echo|git|[A-Z_]+=\S+) /

const read = (name) => readFileSync(path.join(root, name), 'utf8')

function pagesBelow(directory) {
  return readdirSync(path.join(root, directory), { recursive: true })
    .filter((name) => name.endsWith('.md') && !name.includes('node_modules'))
    .map((name) => `${directory}/${name}`)
}

const readmesOf = (directory) =>
  readdirSync(path.join(root, directory)).map((name) => `${directory}/${name}/README.md`)

/** Every page that people read, README first. */
export function allPages() {
  const single = ['README.md', 'CONTRIBUTING.md', 'ARCHITECTURE.md']
  const found = ['packages', 'apps', 'models'].flatMap(readmesOf)
  const there = found.filter((name) => pagesBelow(path.dirname(name)).includes(name))
  return [...single, ...pagesBelow('docs').sort(), ...there.sort()]
}

/** Fenced blocks of a page. */
export const blocksOf = (page) =>
  [...read(page).matchAll(fence)].map(([, language, body]) => ({ page, language, body }))

/** Commands in the order of the pages; a quote or a backslash that is open at the end of a line goes on in the next. */
export function documentedCommands() {
  return allPages()
    .flatMap(blocksOf)
    .filter(({ language }) => language === 'sh' || language === '')
    .flatMap(({ page, language, body }) =>
      linesOf(language === '' ? body.replace(/(?<=\S) {3,}\S.*$/gm, '') : body)
        .filter((command) => language === 'sh' || programs.test(command))
        .map((command) => ({ page, command, row: rowOf(page, command) })),
    )
}

function linesOf(body) {
  const commands = []
  let open = ''
  for (const line of body.split('\n')) {
    open = open === '' ? line : `${open}\n${line}`
    if ((open.match(/'/g) ?? []).length % 2 === 0 && !open.endsWith('\\')) {
      const command = open.replace(/\s+#\s.*$/, '').trim()
      if (command !== '') commands.push(command.replace(/\s*\\\n\s*/g, ' '))
      open = ''
    }
  }
  return commands
}

const rowOf = (page, command) =>
  rows.find((row) => row.page === page && row.command === command) ?? null

/** What pages say in passing, `npm run …` and `lens …`, and the commands of blocks. */
export function mentionedCommands() {
  const inline = allPages()
    .filter((page) => page !== 'docs/api-reference.md')
    .flatMap((page) =>
      [...read(page).matchAll(/`((?:npm|node|lens) [^`\n]+)`/g)].map(([, command]) => ({
        page,
        command,
      })),
    )
  return [...inline, ...documentedCommands()]
}
