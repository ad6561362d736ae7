// The journey of scripts, the guide, the examples of GraphiQL and the commands that need a server, against a server that runs.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { parse, print } from 'graphql'
import ts from 'typescript'
import { createClient } from '@imprint/client'
import { root } from '../reliability/stage/root.mjs'
import { blocksOf, documentedCommands } from './commands.mjs'
import { runGuide } from './guide.mjs'
import { runBlock, runProgram, typed } from './run-command.mjs'
import { openServer } from './server.mjs'
import { ask, follow } from './speak.mjs'

const hasPython = spawnSync('python3', ['-c', 'import requests']).status === 0
const withoutPython = hasPython ? false : 'python3 with requests is not at hand'
const patience = 180_000
const examples = path.join(root, '.imprint/examples')
let server
let playground
/** Ids of what the guide made. */
let made = {}

/** A program that finds the server and a key in its environment. */
const run = (command, words, { key = server.key, cwd, env = {} } = {}) =>
  runProgram(command, words, {
    ...(cwd && { cwd }),
    env: { IMPRINT_URL: server.url, IMPRINT_KEY: key, ...env },
  })

const compiled = path.join(examples, 'compare-methods.js')
const compile = () =>
  run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'examples/typescript'])

before(
  async () => {
    server = await openServer()
    playground = path.join(server.directory, 'playground')
    mkdirSync(playground)
    const { code, text } = await compile()
    assert.equal(code, 0, text)
  },
  { timeout: patience },
)
after(async () => {
  await server?.close()
  rmSync(examples, { recursive: true, force: true })
})

function checkJourney({ code, text }) {
  assert.equal(code, 0, text)
  const summary = JSON.parse(text.trim().split('\n').at(-1))
  assert.ok(summary.cells > 0 && summary.arrays > 0 && summary.differences > 0, text)
}

/** Each cell by itself, in order, in one interpreter; a cell that fails is named. */
function notebookScript(cells) {
  const code = cells.filter(({ cell_type }) => cell_type === 'code')
  const sources = code.map(({ source }) => source.join(''))
  return `import json
names = {}
for place, source in enumerate(json.loads(${JSON.stringify(JSON.stringify(sources))}), 1):
    exec(compile(source, f'cell {place}', 'exec'), names)
print('cells:', ${sources.length})
`
}

describe('the journey', () => {
  test('in TypeScript', async () => checkJourney(await run(process.execPath, [compiled])))
  test('in Python', { skip: withoutPython }, async () =>
    checkJourney(await run('python3', ['examples/python/compare_methods.py'])),
  )

  test('the cells of the notebook run in order', { skip: withoutPython }, async () => {
    const file = path.join(root, 'examples/figure-4-and-two-methods.ipynb')
    const { nbformat, cells } = JSON.parse(readFileSync(file, 'utf8'))
    assert.equal(nbformat, 4)
    assert.ok(cells.every(({ id, source }) => id && Array.isArray(source)))
    assert.ok(cells.every(({ cell_type, outputs }) => cell_type !== 'code' || outputs.length === 0))
    const script = path.join(playground, 'notebook.py')
    writeFileSync(script, notebookScript(cells))
    const { code, text } = await run('python3', [script], { cwd: path.join(root, 'examples') })
    assert.equal(code, 0, text)
    assert.match(text, /^L7 .*Berlin/m)
    assert.match(text, /^cells: [1-9]/m)
  })
})

describe('the client', () => {
  test('with a key that may only read, the first write is refused by its code', async () => {
    const options = { key: server.readKey }
    const programs = [[process.execPath, [compiled]]]
    if (hasPython) programs.push(['python3', ['examples/python/compare_methods.py']])
    for (const [command, words] of programs) {
      const { code, text } = await run(command, words, options)
      assert.equal(code, 1)
      assert.match(text, /^FORBIDDEN: /m)
    }
  })

  test('every write of the client is refused to it, and reading is not', async () => {
    const imprint = createClient({ url: server.url, key: server.readKey })
    const { id } = await imprint.models.find()
    const anchor = { kind: 'NEURON', modelId: id, layer: 0, index: 0 }
    const writes = [
      () => imprint.prompts.save({ text: 'a' }),
      () => imprint.runs.create({ modelId: id, promptText: 'a', targetText: 'b' }),
      () => imprint.runs.delete(id),
      () => imprint.edits.create({ modelId: id, method: 'rome', requests: [] }),
      () => imprint.slices.create({ datasetId: id }),
      () => imprint.evaluations.start({ sliceId: id, protocol: 'counterfact', arms: [] }),
      () => imprint.annotations.create({ anchor, label: 'a' }),
      () => imprint.comments.create({ anchor, body: 'a' }),
      () => imprint.reviews.request({ subjectKind: 'EDIT', subjectId: id }),
      () => imprint.reviews.decide({ id, version: 1, decision: 'APPROVE' }),
      () => imprint.runs.import('{}'),
      () => imprint.edits.import('{}'),
      () => imprint.evaluations.import('{}'),
    ]
    for (const write of writes)
      await assert.rejects(write, { name: 'ImprintError', code: 'FORBIDDEN' }, String(write))
    assert.ok((await imprint.models.list().count()) > 0)
  })

  test('annotations, comments, reviews and search have their verbs', async () => {
    const imprint = createClient({ url: server.url, key: server.key })
    const { id } = await imprint.models.find()
    const anchor = { kind: 'NEURON', modelId: id, layer: 1, index: 2 }
    const { label } = await imprint.annotations.create({ anchor, label: 'capitals of countries' })
    assert.equal(label, 'capitals of countries')
    const { body } = await imprint.comments.create({ anchor, body: 'Is it?' })
    assert.deepEqual(
      (await imprint.comments.list(anchor)).map((one) => one.body),
      [body],
    )
    assert.equal(await imprint.reviews.list().count(), 0)
    const found = await imprint.search('capitals').take(10)
    assert.ok(found.some(({ kind }) => kind === 'ANNOTATION'))
  })
})

describe('the guide', () => {
  test('each operation of docs/graphql.md works, in its order', async () => {
    made = await runGuide(server)
  })
})

describe('the examples of the API', () => {
  test('each of apps/api/examples.graphql works', async () => {
    const { definitions } = parse(
      readFileSync(path.join(root, 'apps/api/examples.graphql'), 'utf8'),
    )
    assert.ok(definitions.length >= 10)
    for (const definition of definitions) {
      const asked = definition.variableDefinitions.map(({ variable }) => variable.name.value)
      const values = Object.fromEntries(asked.map((name) => [name, made[name]]))
      const isSubscription = definition.operation === 'subscription'
      const work = isSubscription
        ? follow(server, print(definition), values, () => true)
        : ask(server, print(definition), values)
      await work.catch((error) => assert.fail(`${definition.name.value}: ${error.message}`))
    }
  })
})

describe('GraphiQL', () => {
  const load = async () => {
    const source = readFileSync(path.join(root, 'apps/web/features/graphiql/examples.ts'), 'utf8')
    const { outputText } = ts.transpileModule(source, {
      compilerOptions: { module: 'esnext', target: 'es2022' },
    })
    return (await import(`data:text/javascript,${encodeURIComponent(outputText)}`)).EXAMPLES
  }
  /** As the page fills them in. */
  const filled = (variables) =>
    Object.fromEntries(
      Object.entries(JSON.parse(variables)).map(([name, value]) => [name, value || made[name]]),
    )

  test('each of its examples works', async () => {
    const list = await load()
    assert.ok(list.length > 20)
    for (const { title, query, variables = '{}' } of list) {
      const values = filled(variables)
      const work = /^\s*subscription/m.test(query)
        ? follow(server, query, values, () => true)
        : ask(server, query, values)
      await work.catch((error) => assert.fail(`${title}: ${error.message}`))
    }
  })
})

describe('the documentation', () => {
  test('its commands that need a server work', async (context) => {
    const cliHome = path.join(server.directory, 'cli-home')
    const env = { RUN_ID: made.runId, IMPRINT_HOME: cliHome }
    const done = new Set()
    if (withoutPython) context.diagnostic(`commands of Python are left out: ${withoutPython}`)
    for (const one of documentedCommands().filter(({ row }) => row?.where === 'server')) {
      const { page, command } = one
      if (done.has(command)) continue
      done.add(command)
      if (command.startsWith('python3') && !hasPython) continue
      const cwd = /^(python3|npx) /.test(command) ? root : playground
      const { code, text } = await run('bash', ['-c', typed(one)], { cwd, env })
      assert.equal(code, 0, `${page}: ${command}\n${text}`)
      assert.doesNotMatch(text, /"errors":\[\{/, `${page}: ${command}`)
    }
  })

  test('its TypeScript runs', async () => {
    const local = `{ url: '${server.url}', key: process.env.IMPRINT_KEY }`
    const prelude = `import { createClient } from '@imprint/client'
const imprint = createClient(${local})
const id = '${made.evaluationId}'`
    for (const page of ['docs/api.md', 'packages/client/README.md'])
      for (const block of blocksOf(page).filter(({ language }) => language === 'ts')) {
        const whole = block.body.includes('createClient')
        const body = block.body.replace('http://localhost:3000', server.url)
        const env = { IMPRINT_URL: server.url, IMPRINT_KEY: server.key }
        const { code, text } = await runBlock(
          { page, body },
          { env, prelude: whole ? '' : prelude },
        )
        assert.equal(code, 0, `${page}\n${block.body}\n${text}`)
      }
  })
})
