// The journey of scripts, the examples of GraphiQL and the commands of the documentation, against a server that runs.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { createClient as createSocket } from 'graphql-ws'
import ts from 'typescript'
import { WebSocket } from 'ws'
import { createClient } from '@imprint/client'
import { root } from '../reliability/stage/root.mjs'
import { documentedCommands, isElsewhere, runsHere } from './commands.mjs'
import { openServer } from './server.mjs'

const hasPython = spawnSync('python3', ['-c', 'import requests']).status === 0
const withoutPython = hasPython ? false : 'python3 with requests is not at hand'
const patience = 180_000
let server
let playground

/** One program; the server goes on meanwhile. */
function run(command, words, { key = server.key, cwd = root, env = {} } = {}) {
  return new Promise((resolve) => {
    const all = { ...process.env, IMPRINT_URL: server.url, IMPRINT_KEY: key, ...env }
    const child = spawn(command, words, { cwd, env: all, stdio: ['ignore', 'pipe', 'pipe'] })
    let text = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (text += data))
    const timer = setTimeout(() => child.kill('SIGKILL'), patience)
    child.once('close', (code) => {
      clearTimeout(timer)
      resolve({ code, text })
    })
  })
}

const compiled = () => path.join(root, '.imprint/examples/compare-methods.js')
const compile = () =>
  run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'examples/typescript'])

before(
  async () => {
    server = await openServer()
    playground = path.join(server.directory, 'playground')
    mkdirSync(playground)
    assert.equal((await compile()).code, 0)
  },
  { timeout: patience },
)
after(() => server?.close())

function checkJourney({ code, text }) {
  assert.equal(code, 0, text)
  const summary = JSON.parse(text.trim().split('\n').at(-1))
  assert.ok(summary.cells > 0 && summary.arrays > 0 && summary.differences > 0, text)
}

describe('the journey', () => {
  test('in TypeScript', async () => checkJourney(await run(process.execPath, [compiled()])))
  test('in Python', { skip: withoutPython }, async () =>
    checkJourney(await run('python3', ['examples/python/compare_methods.py'])),
  )

  test('the notebook is one, and its cells run', { skip: withoutPython }, async () => {
    const file = path.join(root, 'examples/figure-4-and-two-methods.ipynb')
    const notebook = JSON.parse(readFileSync(file, 'utf8'))
    assert.equal(notebook.nbformat, 4)
    assert.ok(notebook.cells.every(({ id, source }) => id && Array.isArray(source)))
    assert.ok(
      notebook.cells.every(
        ({ cell_type, outputs }) => cell_type !== 'code' || outputs.length === 0,
      ),
    )
    const code = notebook.cells
      .filter(({ cell_type }) => cell_type === 'code')
      .map(({ source }) => source.join(''))
    const script = path.join(playground, 'notebook.py')
    writeFileSync(script, code.join('\n\n'))
    const { code: status, text } = await run('python3', [script], {
      cwd: path.join(root, 'examples'),
    })
    assert.equal(status, 0, text)
    assert.match(text, /^L7 .*Berlin/m)
  })
})

describe('the client', () => {
  test('with a key that may only read, the first write is refused by its code', async () => {
    const options = { key: server.readKey }
    const programs = [[process.execPath, [compiled()]]]
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

describe('GraphiQL', () => {
  const load = async () => {
    const source = readFileSync(path.join(root, 'apps/web/features/graphiql/examples.ts'), 'utf8')
    const { outputText } = ts.transpileModule(source, {
      compilerOptions: { module: 'esnext', target: 'es2022' },
    })
    return (await import(`data:text/javascript,${encodeURIComponent(outputText)}`)).EXAMPLES
  }

  test('each of its ten examples works', async () => {
    const imprint = createClient({ url: server.url, key: server.key })
    const [lensRun] = await imprint.runs.list({ state: 'DONE' }).take(1)
    const ids = { modelId: lensRun.model.id, runId: lensRun.id }
    const examples = await load()
    assert.equal(examples.length, 10)
    for (const { title, query, variables = '{}' } of examples) {
      const filled = Object.fromEntries(
        Object.entries(JSON.parse(variables)).map(([name, value]) => [
          name,
          value || ids[name] || value,
        ]),
      )
      const data = /^\s*subscription/m.test(query)
        ? await firstEvent(query, filled)
        : await imprint.request(query, filled)
      const [value] = Object.values(data)
      assert.ok(value !== null && value !== undefined, title)
      assert.deepEqual(value.errors ?? [], [], title)
    }
  })
})

async function firstEvent(query, variables) {
  const socket = createSocket({
    url: `${server.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${server.key}` },
  })
  try {
    for await (const { data, errors } of socket.iterate({ query, variables })) {
      assert.equal(errors, undefined)
      return data
    }
  } finally {
    await socket.dispose()
  }
  throw new Error('the subscription ended without an event')
}

describe('the documentation', () => {
  test('has no command that nobody runs', () => {
    const unknown = documentedCommands().filter(
      ({ command }) => !isElsewhere(command) && !runsHere(command),
    )
    assert.deepEqual(unknown, [])
  })

  test('its commands work', async () => {
    const imprint = createClient({ url: server.url, key: server.key })
    const [{ id }] = await imprint.runs.list({ state: 'DONE' }).take(1)
    const lens = `node ${path.join(root, 'packages/lens-engine/dist/cli/main.js')}`
    const commands = documentedCommands().filter(({ command }) => !isElsewhere(command))
    for (const { page, command } of commands) {
      if (command.startsWith('python3') && !hasPython) continue
      const inRoot = /^(python3|npx) /.test(command)
      const words = command.replace(/^(npm run --silent lens -- |lens )/, `${lens} `)
      const env = { RUN_ID: id, IMPRINT_HOME: path.join(server.directory, 'cli-home') }
      const { code, text } = await run('bash', ['-c', words], {
        cwd: inRoot ? root : playground,
        env,
      })
      assert.equal(code, 0, `${page}: ${command}\n${text}`)
      assert.doesNotMatch(text, /"errors":\[\{/, `${page}: ${command}`)
    }
    rmSync(path.join(root, '.imprint/examples'), { recursive: true, force: true })
  })
})
