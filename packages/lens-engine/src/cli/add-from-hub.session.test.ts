import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findPackageRoot } from '../models/home.js'
import { sendBytes, sha256 } from '../testing/hub-server.js'
import { commit, makeWorld, type World } from '../testing/hub-world.js'
import { describeProgress } from './add-model-command.js'

const main = join(findPackageRoot('@imprint/lens-engine')!, 'dist', 'cli', 'main.js')

let world: World
beforeEach(async () => {
  if (!existsSync(main))
    throw new Error('the command is run from dist: build first with `npm run build`')
  world = await makeWorld()
})
afterEach(() => world.close())

interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** The built command in a process of its own, with the test's hub. */
function start(...arguments_: string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [main, ...arguments_], {
    env: {
      PATH: process.env.PATH,
      HOME: world.home,
      IMPRINT_HOME: world.home,
      HF_ENDPOINT: world.hub.endpoint,
      HF_TOKEN: 'hf_secret',
    },
  })
  const texts = { stdout: '', stderr: '' }
  child.stdout.on('data', (text) => (texts.stdout += text))
  child.stderr.on('data', (text) => (texts.stderr += text))
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, ...texts }))
  })
  return { child, ended }
}

const lens = (...arguments_: string[]) => start(...arguments_).ended

async function added(...arguments_: string[]): Promise<{ directory: string; notes: string[] }> {
  const { code, stdout, stderr } = await lens('models', 'add', ...arguments_, '--json')
  expect(stderr).toBe('')
  expect(code).toBe(0)
  return JSON.parse(stdout) as { directory: string; notes: string[] }
}

const storedWeights = (directory: string) => readFileSync(join(directory, 'model.safetensors'))

/** The CDN sends the first `bytes` and then nothing more, once. */
function hangAfter(bytes: number): { reached: Promise<void> } {
  let reach = (): void => {}
  const reached = new Promise<void>((resolve) => (reach = resolve))
  let turn = 0
  world.hub.misbehave = ({ url }, response) => {
    if (!url!.startsWith('/cdn/') || turn++ > 0) return false
    const { length } = world.weights
    response.writeHead(200, { etag: `"${sha256(world.weights)}"`, 'content-length': length })
    response.write(world.weights.subarray(0, bytes), () => reach())
    return true
  }
  return { reached }
}

const partialSize = (): number =>
  Math.max(0, ...world.cached('partials').map((name) => sizeInPartials(name)))

function sizeInPartials(name: string): number {
  const host = readdirSync(join(world.home, 'hub'))[0]!
  return readFileSync(join(world.home, 'hub', host, 'tiny--gpt2', 'partials', name)).length
}

describe('lens models add hf:...', () => {
  it('downloads a model that then runs, and asks the hub for nothing offline', async () => {
    const first = await lens('models', 'add', 'hf:tiny/gpt2')
    expect(first.code).toBe(0)
    expect(first.stdout).toContain('tiny/gpt2 has no tokenizer.json')
    expect(first.stdout).toContain(`added gpt2  commit ${commit.slice(0, 12)} of tiny/gpt2`)
    const run = await lens(
      ...['run', '--model', 'gpt2', '--prompt-ids', '1,2,3', '--target-id', '5', '--json'],
    )
    expect(run.stderr).toBe('')
    const { cells, receipt } = JSON.parse(run.stdout) as {
      cells: unknown[]
      receipt: Record<string, unknown>
    }
    expect(cells.length).toBeGreaterThan(0)
    expect(JSON.stringify(receipt)).toContain(sha256(world.weights))
    world.hub.requests.length = 0
    const again = await added('hf:tiny/gpt2', '--offline')
    expect(storedWeights(again.directory).equals(world.weights)).toBe(true)
    expect(again.notes.join()).toContain(`commit ${commit}`)
    expect(world.hub.requests).toEqual([])
    const other = await lens('models', 'add', 'hf:tiny/other', '--offline', '--json')
    expect(other.code).toBe(3)
    expect(JSON.parse(other.stderr)).toMatchObject({
      error: { code: 'HUB_UNREACHABLE', details: { reason: 'OFFLINE' } },
    })
  })

  it('killed with -9 in the middle, goes on from there', async () => {
    const { reached } = hangAfter(150_000)
    const { child, ended } = start('models', 'add', 'hf:tiny/gpt2')
    await reached
    await expect.poll(partialSize, { timeout: 10_000 }).toBe(150_000)
    child.kill('SIGKILL')
    expect((await ended).signal).toBe('SIGKILL')
    expect(world.stored()).toEqual([])
    const { directory } = await added('hf:tiny/gpt2')
    expect(storedWeights(directory).equals(world.weights)).toBe(true)
    expect(world.hub.sentBytes).toBe(world.weights.length - 150_000)
    expect(world.hub.requests.at(-1)!.headers.range).toBe('bytes=150000-')
    expect(world.cached('partials')).toEqual([])
    expect(world.cached('work')).toEqual([])
  })

  it('stopped with Ctrl-C, says that it keeps what arrived, and goes on from there', async () => {
    const { reached } = hangAfter(100_000)
    const { child, ended } = start('models', 'add', 'hf:tiny/gpt2')
    await reached
    await expect.poll(partialSize, { timeout: 10_000 }).toBe(100_000)
    child.kill('SIGINT')
    const { code, stderr } = await ended
    expect(code).toBe(3)
    expect(stderr).toContain('error DOWNLOAD_CANCELLED')
    expect(stderr).toContain('go on from there')
    await added('hf:tiny/gpt2')
    expect(world.hub.sentBytes).toBe(world.weights.length - 100_000)
  })

  it('run three times at once, transfers the model once', async () => {
    world.hub.misbehave = (request, response) => {
      if (!request.url!.startsWith('/cdn/')) return false
      // Slow enough for the others to come.
      setTimeout(() => {
        const etag = `"${sha256(world.weights)}"`
        world.hub.sentBytes += sendBytes(request, response, world.weights, etag)
      }, 1000)
      return true
    }
    const models = await Promise.all([1, 2, 3].map(() => added('hf:tiny/gpt2')))
    expect(new Set(models.map(({ directory }) => directory)).size).toBe(1)
    expect(world.stored()).toHaveLength(1)
    expect(storedWeights(models[0]!.directory).equals(world.weights)).toBe(true)
    expect(world.hub.sentBytes).toBe(world.weights.length)
    expect(world.cached('partials')).toEqual([])
  })

  it('takes --revision, and refuses two, or one without a hub', async () => {
    const model = await added('hf:tiny/gpt2', '--revision', 'refs/pr/1', '--name', 'pinned')
    expect(model).toMatchObject({ name: 'pinned', hub: { revision: 'refs/pr/1', commit } })
    for (const source of ['hf:tiny/gpt2@main', '.']) {
      const { code, stderr } = await lens('models', 'add', source, '--revision', 'v1', '--json')
      expect(code).toBe(2)
      expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'BAD_ARGUMENT' } })
    }
  })

  it('on a full disk is DISK_FULL, lists nothing, and works once there is room', async () => {
    // A limit on the size of a file stands for the full disk: the system call fails the same way.
    const limited = spawn(
      'sh',
      [
        '-c',
        `trap '' XFSZ; ulimit -f 200; exec "$0" "$@"`,
        ...[process.execPath, main, 'models', 'add', 'hf:tiny/gpt2', '--json'],
      ],
      {
        env: { PATH: process.env.PATH, IMPRINT_HOME: world.home, HF_ENDPOINT: world.hub.endpoint },
      },
    )
    let stderr = ''
    limited.stderr.on('data', (text) => (stderr += text))
    const code = await new Promise((resolve) => limited.on('close', resolve))
    expect(code).toBe(3)
    const { error } = JSON.parse(stderr) as { error: Record<string, unknown> }
    expect(error).toMatchObject({
      code: 'DISK_FULL',
      details: { neededBytes: world.weights.length },
    })
    expect(world.stored()).toEqual([])
    const { directory } = await added('hf:tiny/gpt2')
    expect(storedWeights(directory).equals(world.weights)).toBe(true)
  })

  it('never shows the token', async () => {
    const all = await Promise.all([
      lens('models', 'add', 'hf:tiny/gpt2'),
      lens('models', 'add', 'hf:no/body', '--json'),
      lens('models', 'add', 'hf:tiny/gpt2@v9'),
    ])
    expect(all.map(({ code }) => code)).toEqual([0, 3, 3])
    expect(JSON.stringify(all)).not.toContain('hf_secret')
    expect(JSON.stringify(listText(world.home))).not.toContain('hf_secret')
    expect(world.hub.requests[0]!.headers.authorization).toBe('Bearer hf_secret')
  })
})

/** Every small file below a directory. */
function listText(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.safetensors'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
}

describe('lens models add', () => {
  it('still takes a directory and a GGUF file, and inspect reads a GGUF file without converting it', async () => {
    const gguf = fileURLToPath(new URL('../../goldens-gguf/qwen2-tied.gguf', import.meta.url))
    const inspected = await lens('models', 'inspect', gguf, '--json')
    expect(JSON.parse(inspected.stdout)).toMatchObject({ name: 'qwen2-tied', stored: false })
    expect(existsSync(join(world.home, 'converted'))).toBe(false)
    expect(await added(gguf)).toMatchObject({ name: 'qwen2-tied', hub: null })
    const model = await added(join(world.home, '..', 'model'), '--name', 'mine')
    expect(storedWeights(model.directory).equals(world.weights)).toBe(true)
    const { stdout } = await lens('models', 'add', '--help')
    expect(stdout).toContain('lens models add hf:openai-community/gpt2')
  })
})

describe('lens models prune', () => {
  it('lists what a download left, deletes it when told to, and the model still runs', async () => {
    const model = await added('hf:tiny/gpt2')
    const listed = await lens('models', 'prune')
    expect(listed.code).toBe(0)
    expect(listed.stdout).toMatch(/^hub .*tiny\/gpt2/m)
    expect(listed.stdout).toMatch(/would be freed: run it again with --yes\n$/)
    expect(world.cached('blobs')).toHaveLength(2)
    const pruned = JSON.parse((await lens('models', 'prune', '--yes', '--json')).stdout) as object
    expect(pruned).toMatchObject({ deleted: true, entries: [{ kind: 'hub', inUse: null }] })
    expect((await lens('models', 'prune', '--yes')).stdout).toBe('nothing to delete\n')
    expect(storedWeights(model.directory).equals(world.weights)).toBe(true)
    const run = ['run', '--model', 'gpt2', '--prompt-ids', '1,2', '--target-id', '3', '--json']
    expect(await lens(...run)).toMatchObject({ code: 0, stderr: '' })
  })
})

describe('describeProgress', () => {
  it('shows file, share, rate and time left on one line', () => {
    const progress = {
      stage: 'downloading',
      file: 'model.safetensors',
      fileIndex: 1,
      files: 3,
      receivedBytes: 246_645_000,
      totalBytes: 548_100_000,
      bytesPerSecond: 12_300_000,
      secondsLeft: 25,
    } as const
    expect(describeProgress(progress)).toBe(
      'downloading model.safetensors (2 of 3)  45 % of 548.1 MB  12.3 MB/s  0:25 left',
    )
    expect(describeProgress({ ...progress, secondsLeft: 3725 })).toContain('1:02:05 left')
    const resolving = { ...progress, stage: 'resolving', file: null, totalBytes: 0 } as const
    expect(describeProgress(resolving)).toBe('resolving')
  })
})
