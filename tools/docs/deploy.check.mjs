// Container and compose files, the table of the environment and the reference page, read and compared with the program.
import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import yaml from 'js-yaml'
import { root } from '../reliability/stage/root.mjs'
import { currentReference, referenceFile } from './api-reference.mjs'

const read = (name) => readFileSync(path.join(root, name), 'utf8')
const known = new Set(
  ['apps/api/src/env.ts', 'apps/api/src/security/account-settings.ts'].flatMap((name) =>
    [...read(name).matchAll(/^ {2}((?:IMPRINT|DATABASE)_[A-Z_]+):/gm)].map(
      ([, variable]) => variable,
    ),
  ),
)
const ofPages = new Set(['IMPRINT_API_URL'])

test('the environment table has every variable of the program, and no other', () => {
  const [, table] = read('docs/deployment.md').split('<!-- environment')
  const listed = [...table.split('\n## ')[0].matchAll(/^\| `([A-Z_]+)`/gm)].map(([, name]) => name)
  assert.ok(known.size > 30)
  assert.deepEqual([...listed].sort(), [...known].sort())
})

test('compose.yaml starts what there is, with variables that are known', () => {
  const { services, volumes } = yaml.load(read('deploy/compose.yaml'))
  assert.deepEqual(Object.keys(services).sort(), [
    'api',
    'database',
    'gpu-worker',
    'migrate',
    'web',
    'worker',
  ])
  for (const [name, service] of Object.entries(services)) {
    for (const variable of Object.keys(service.environment ?? {}))
      if (variable.startsWith('IMPRINT_') || variable === 'DATABASE_URL')
        assert.ok(known.has(variable) || ofPages.has(variable), `${name}: ${variable}`)
    for (const volume of service.volumes ?? [])
      assert.ok(volume.split(':')[0] in volumes, `${name}: ${volume}`)
    for (const needed of Object.keys(service.depends_on ?? {}))
      assert.ok(needed in services, `${name}: ${needed}`)
    if (service.build)
      assert.ok(
        existsSync(path.join(root, 'deploy', service.build.context, service.build.dockerfile)),
      )
    for (const script of (service.command ?? [])
      .join(' ')
      .match(/(?:apps|tools)\/[\w./-]+\.m?js/g) ?? [])
      assert.ok(
        existsSync(
          path.join(
            root,
            script
              .replace('/dist/', '/src/')
              .replace(/\.js$/, script.includes('/dist/') ? '.ts' : '.js'),
          ),
        ),
        `${name}: ${script}`,
      )
  }
  const secrets = /(PASSWORD|SECRET): (?!\$\{)/.exec(read('deploy/compose.yaml'))
  assert.equal(secrets, null)
})

test('Containerfiles are of known instructions, do not run as root, and name programs that exist', () => {
  const files = readdirSync(path.join(root, 'deploy')).filter((name) =>
    name.startsWith('Containerfile'),
  )
  assert.equal(files.length, 2)
  for (const name of files) {
    const text = read(`deploy/${name}`)
      .replace(/^#.*\n/gm, '')
      .replace(/\\\n\s*/g, '')
    const lines = text.split('\n').filter(Boolean)
    for (const line of lines)
      assert.match(
        line,
        /^(FROM|WORKDIR|ENV|COPY|RUN|USER|VOLUME|EXPOSE|ENTRYPOINT|CMD) /,
        `${name}: ${line}`,
      )
    const stages = [...text.matchAll(/^FROM \S+ AS (\w[\w-]*)/gm)].map(([, stage]) => stage)
    for (const [, stage] of text.matchAll(/--from=(\S+)/g))
      assert.ok(stages.includes(stage), `${name}: ${stage}`)
    assert.match(text.slice(text.lastIndexOf('\nFROM')), /^USER (?!root)/m)
    const [, script] = /^CMD \["node", "apps\/api\/dist\/([\w-]+)\.js"\]/m.exec(text)
    assert.ok(existsSync(path.join(root, `apps/api/src/${script}.ts`)))
  }
})

test('every code of a user’s mistake is explained in docs/errors.md', () => {
  const page = read('docs/errors.md')
  const folder = path.join(root, 'apps/api/src')
  const codes = readdirSync(folder, { recursive: true })
    .filter(
      (name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.includes('generated'),
    )
    .flatMap((name) => [
      ...readFileSync(path.join(folder, name), 'utf8').matchAll(/new UserFailure\(\s*'([A-Z_]+)'/g),
    ])
    .map(([, code]) => code)
  assert.ok(new Set(codes).size > 40)
  assert.deepEqual([...new Set(codes)].filter((code) => !page.includes(`\`${code}\``)).sort(), [])
})

test('docs/api-reference.md is that of the schema', () => {
  assert.ok(readFileSync(referenceFile, 'utf8') === currentReference(), 'Run: npm run docs:api')
})
