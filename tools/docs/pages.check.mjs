// Every command of the pages has its row in the table, and what the pages mention exists: scripts, files, verbs and flags of `lens`.
import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { root } from '../reliability/stage/root.mjs'
import { allPages, blocksOf, documentedCommands, mentionedCommands } from './commands.mjs'
import { rows } from './command-rows.mjs'

const read = (name) => readFileSync(path.join(root, name), 'utf8')
const there = (name) => existsSync(path.join(root, name))

const scriptsOf = (place) =>
  there(`${place}/package.json`) ? JSON.parse(read(`${place}/package.json`)).scripts : {}

/** A built file is there when its source is: these checks need no build. */
const sourceOf = (name) => name.replace('/dist/', '/src/').replace(/\.js$/, '.ts')

test('every command has its row, and every row its command', () => {
  const commands = documentedCommands()
  const without = commands.filter(({ row }) => row === null)
  assert.deepEqual(
    without.map(({ page, command }) => `${page}: ${command}`),
    [],
    'Write a row in tools/docs/command-rows.mjs that says how it is executed.',
  )
  const used = new Set(commands.map(({ row }) => row))
  assert.deepEqual(
    rows.filter((row) => !used.has(row)),
    [],
  )
  assert.ok(commands.length > 70)
})

test('a command that is executed elsewhere names a file that is there; one that is not says why', () => {
  for (const { where, test: file, why, command } of rows) {
    if (where === 'elsewhere') assert.ok(there(file), file)
    if (where === 'elsewhere' || where === 'nowhere') assert.ok(why?.length > 0, command)
  }
})

test('scripts and files that the pages name are there', () => {
  for (const { page, command } of mentionedCommands()) {
    for (const [, name, , workspace] of command.matchAll(
      /npm run (?:--silent )?([\w:-]+)( -w ([\w/-]+))?/g,
    )) {
      const places = workspace ? [workspace] : ['.', path.dirname(page)]
      assert.ok(
        places.some((place) => scriptsOf(place)[name]),
        `${page}: ${command}`,
      )
    }
    for (const [, file] of command.matchAll(/\b(?:node|python3?) ((?!\.imprint)[\w./-]+\.\w+)/g))
      assert.ok(there(file) || there(sourceOf(file)), `${page}: ${command}`)
  }
})

test('verbs and flags of `lens` that the pages name are those of the program', () => {
  const folder = path.join(root, 'packages/lens-engine/src/cli')
  const source = readdirSync(folder)
    .filter((name) => name.endsWith('.ts') && !name.includes('.test.'))
    .map((name) => readFileSync(path.join(folder, name), 'utf8'))
    .join('\n')
  const verbs = new Set([...source.matchAll(/new Command\('([\w-]+)'\)/g)].map(([, one]) => one))
  const flags = new Set([...source.matchAll(/(--[a-z][\w-]*)/g)].map(([, one]) => one))
  assert.ok(verbs.size > 15 && flags.size > 40)
  for (const { page, command } of mentionedCommands()) {
    const [, , rest] = /^(npm run (?:--silent )?lens -- ?|lens )(.*)$/s.exec(command) ?? []
    if (!rest) continue
    const [verb] = rest.split(' ')
    assert.ok(verb.startsWith('-') || verbs.has(verb), `${page}: ${command}`)
    for (const [flag] of rest.matchAll(/(?<=\s|^)--[a-z][\w-]*/g))
      assert.ok(flags.has(flag) || flag === '--help', `${page}: ${command}: ${flag}`)
  }
})

test('blocks of other languages are where a test executes them', () => {
  const executed = {
    graphql: ['docs/graphql.md'],
    ts: ['docs/api.md', 'packages/client/README.md', 'packages/lens-engine/README.md'],
  }
  for (const { page, language } of allPages().flatMap(blocksOf))
    if (language !== '' && !['sh', 'text', 'yaml', 'json'].includes(language))
      assert.ok(executed[language]?.includes(page), `${page}: a block of ${language}`)
})
