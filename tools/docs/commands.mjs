// Every `sh` command of README.md and docs/*.md, and what becomes of it in the test: run here, or run elsewhere, by name.
import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { root } from '../reliability/stage/root.mjs'

const fence = /^```sh\n([\s\S]*?)^```/gm

/** Commands in the order of the pages; a quote that is open at the end of a line goes on in the next. */
export function documentedCommands() {
  const pages = ['README.md', ...readdirSync(path.join(root, 'docs')).map((name) => `docs/${name}`)]
  return pages
    .filter((name) => name.endsWith('.md'))
    .flatMap((page) => {
      const text = readFileSync(path.join(root, page), 'utf8')
      return [...text.matchAll(fence)].flatMap(([, body]) =>
        linesOf(body).map((command) => ({ page, command })),
      )
    })
}

function linesOf(body) {
  const commands = []
  let open = ''
  for (const line of body.split('\n')) {
    open = open === '' ? line : `${open}\n${line}`
    if ((open.match(/'/g) ?? []).length % 2 === 0 && !open.endsWith('\\')) {
      const command = open.replace(/\s+#\s.*$/, '').trim()
      if (command !== '') commands.push(command)
      open = ''
    }
  }
  return commands
}

/** First word or words -> which test runs it instead, and why not here. */
export const elsewhere = [
  ['npm start', 'e2e: every journey starts the product so'],
  ['npm test', 'this is a part of it'],
  ['npm run --silent lens -- models add hf:', 'needs a hub: cli/add-from-hub.session.test.ts'],
  ['npm run --silent lens -- models add path', 'another model: cli/lens-command.session.test.ts'],
  ['npm run --silent lens -- edit', 'cli/lens-command.session.test.ts and apps/api edit tests'],
  ['npm run --silent lens -- evaluate', 'minutes: cli/evaluate-command.session.test.ts'],
  ['npm run --silent lens -- report', 'reads the file above: cli/evaluate-command.session.test.ts'],
  ['npm run --silent lens -- sweep', 'minutes: cli/sweep-command.session.test.ts'],
  ['npm run --silent lens -- reproduce', 'minutes: cli/reproduce-command.session.test.ts'],
  ['npm run --silent lens -- figures', 'minutes: cli/figures-command.session.test.ts'],
  ['api()', 'placeholders; the same operations are those of the examples here'],
  ["api '", 'placeholders; the same operations are those of the examples here'],
  ['curl -s "http://127.0.0.1:4000', 'a placeholder; the examples here fetch that file'],
  ['DATABASE_URL=', 'another machine: tools/reliability starts workers so'],
  ['docker compose', 'no container engine: deploy.check.mjs reads the files instead'],
  ['npm ci', 'tools/setup installs and builds before every test'],
  ['node tools/prisma/prisma.mjs', 'the stage of this test migrates so'],
  ['node apps/api/dist/', 'the stage of this test starts API and worker so'],
  ['npm run backup', 'tools/backup/backup.check.mjs'],
  ['npm run restore', 'tools/backup/backup.check.mjs'],
]

export const isElsewhere = (command) => elsewhere.some(([begin]) => command.startsWith(begin))

/** What may be run here; a new kind of command is in neither list and fails the test. */
const here = [
  'npm run --silent lens -- ',
  'echo ',
  'python3 examples/',
  'npx tsc -p examples/',
  'curl -s $IMPRINT_URL',
  'curl -s "$IMPRINT_URL',
  'lens ',
]
export const runsHere = (command) => here.some((begin) => command.startsWith(begin))
