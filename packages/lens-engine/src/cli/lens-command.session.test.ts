import { execFile, spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { matrixNames } from '../architectures/hook-points.js'
import { findPackageRoot } from '../models/home.js'
import { writeRandomGpt2 } from '../testing/index.js'
import { byteCharacters } from '../tokenizers/byte-alphabet.js'
import { openWeights } from '../weights/open-weights.js'
import { toResultJson } from './result-json.js'

type ResultJson = ReturnType<typeof toResultJson>

const main = join(findPackageRoot('@imprint/lens-engine')!, 'dist', 'cli', 'main.js')
const root = mkdtempSync(join(tmpdir(), 'imprint-cli-'))
const tiny = join(root, 'tiny')
const spoken = join(root, 'spoken')

function lens(...arguments_: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...arguments_], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, IMPRINT_HOME: join(root, 'home'), COLUMNS: '80', NODE_OPTIONS: '' },
    maxBuffer: 2 ** 28,
  })
  return { status, stdout, stderr }
}

function lensJson<Content>(...arguments_: string[]): Content {
  const { status, stdout, stderr } = lens(...arguments_, '--json')
  expect(stderr).toBe('')
  expect(status).toBe(0)
  return JSON.parse(stdout) as Content
}

const ids = ['run', '--model', tiny, '--prompt-ids', '1,2,3', '--target-id', '5']

beforeAll(() => {
  if (!existsSync(main))
    throw new Error('the command is run from dist: build first with `npm run build`')
  expect(lens('models', 'random', '--shape', 'tiny', '--out', tiny, '--seed', '7').status).toBe(0)
  // A model of 256 tokens, one for each byte, so that any text can be read.
  writeRandomGpt2(spoken, { vocabularySize: 256, contextLength: 16 })
  const vocab = Object.fromEntries(byteCharacters.map((character, byte) => [character, byte]))
  const tokenizer = {
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false },
    model: { type: 'BPE', vocab, merges: [] },
  }
  writeFileSync(join(spoken, 'tokenizer.json'), JSON.stringify(tokenizer))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

describe('lens run --json', () => {
  it('has the documented keys, and every cell of every layer, position, matrix and factor', () => {
    const result = lensJson<ResultJson>(...ids)
    for (const key of [
      'loss',
      'tokens',
      'answer',
      'target',
      'cells',
      'gradientRank',
      'gradientCheck',
      'receipt',
      'hiddenStates',
      'imprint',
    ])
      expect(result).toHaveProperty(key)
    expect(result.tokens.map(({ id }) => id)).toEqual([1, 2, 3])
    const matrices = matrixNames.filter((name) => name !== 'mlp.gate')
    expect(result.cells).toHaveLength(2 * 3 * matrices.length * 2)
    for (const cell of result.cells) {
      const projected = ['attention.output', 'mlp.down'].includes(cell.matrix) ? 'vjp' : 'input'
      if (cell.factor !== projected)
        expect(cell).toMatchObject({ top: null, bottom: null, targetRank: null, answerRank: null })
      else if (cell.masked && projected === 'vjp')
        expect(cell).toMatchObject({ top: [], bottom: [], targetRank: null, norm: 0 })
      else {
        expect(cell.top).toHaveLength(10)
        expect(cell.targetRank).toBeGreaterThanOrEqual(0)
        const logits = [...cell.top!, ...[...cell.bottom!].reverse()].map(({ logit }) => logit)
        expect([...logits].sort((left, right) => right - left)).toEqual(logits)
      }
    }
    const masked = result.cells.filter(
      (cell) => cell.masked && cell.matrix === 'mlp.down' && cell.factor === 'vjp',
    )
    expect(masked.map(({ layer, position }) => [layer, position])).toEqual([
      [1, 0],
      [1, 1],
    ])
    expect(result.receipt).toMatchObject({ provider: 'cpu', dtype: 'F32', tokenizerDigest: null })
    expect(
      Math.max(...result.gradientCheck.map(({ relativeError }) => relativeError)),
    ).toBeLessThan(1e-3)
    expect(result.hiddenStates).toHaveLength(6)
    expect(result.imprint[0]!.own.length).toBeGreaterThan(0)
  })

  it('takes --matrix repeated or with commas, --top, --lens and --target-mode', () => {
    const result = lensJson<ResultJson>(
      ...ids,
      '--matrix',
      'mlp.down',
      '--matrix',
      'mlp.up,attention.query',
      '--top',
      '3',
      '--lens',
      'raw',
      '--threads',
      '1',
    )
    expect(new Set(result.cells.map(({ matrix }) => matrix))).toEqual(
      new Set(['attention.query', 'mlp.up', 'mlp.down']),
    )
    expect(result.cells.find(({ top }) => top !== null)!.top).toHaveLength(3)
    expect(result.receipt).toMatchObject({ lens: 'raw', threads: 1 })
    const sequence = lensJson<ResultJson>(
      'run',
      '--model',
      tiny,
      '--prompt-ids',
      '1 2',
      '--target-id',
      '5,6',
      '--target-mode',
      'sequence',
    )
    expect(sequence.tokens.map(({ id }) => id)).toEqual([1, 2, 5])
    expect(sequence.promptLength).toBe(2)
  })

  it('reads text, adds the target’s leading space, and shows bytes that are no characters', () => {
    const result = lensJson<ResultJson>('run', '--model', spoken, '--prompt', 'né', '--target', 'x')
    expect(result.tokens.map(({ text }) => text)).toEqual(['n', '\\xc3', '\\xa9'])
    expect(result.target.tokens.map(({ text }) => text)).toEqual([' ', 'x'])
    expect(result.target.ranked.text).toBe(' ')
  })

  it('writes X and Delta whose norms and products are those of the cells', () => {
    const path = join(root, 'vectors.safetensors')
    const result = lensJson<ResultJson>(...ids, '--vectors', path)
    mkdirSync(join(root, 'vectors'))
    renameSync(path, join(root, 'vectors', 'model.safetensors'))
    const vectors = openWeights(join(root, 'vectors'))
    expect(vectors.names()).toHaveLength(2 * 6 * 2)
    for (const { layer, position, matrix, factor, norm } of result.cells) {
      const tensor = vectors.get(`layers.${layer}.${matrix}.${factor}`)
      const [positions, width] = tensor.shape as [number, number]
      expect(positions).toBe(3)
      const row = vectors.read(tensor.name).subarray(position * width, (position + 1) * width)
      expect(Math.hypot(...row)).toBeCloseTo(norm, 5)
    }
  })

  it('gives the same numbers twice', () => {
    const [first, second] = [lensJson<ResultJson>(...ids), lensJson<ResultJson>(...ids)]
    expect(second.cells).toEqual(first.cells)
    expect(second.loss).toBe(first.loss)
  })
})

describe('lens run', () => {
  it('prints a table: last layer on top, target marked, spaces visible, within the width', () => {
    const { status, stdout, stderr } = lens(
      'run',
      '--model',
      spoken,
      '--prompt',
      'a b',
      '--target',
      'x',
      '--hidden',
    )
    expect(status).toBe(0)
    expect(stderr).toBe('')
    const lines = stdout.split('\n')
    const heading = lines.findIndex((line) => line.startsWith('layer  0 a'))
    expect(lines[heading]).toMatch(/^layer {2}0 a +1 · +2 b/)
    expect(lines[heading + 1]).toMatch(/^ {4}1 {2}– +– +\[·\]/)
    expect(lines[heading + 2]).toMatch(/^ {4}0 {2}/)
    expect(stdout).toContain('what it writes is the bottom end')
    expect(stdout).toContain('logit lens')
    expect(stdout).not.toContain('\u001b')
    const table = lines.slice(heading, heading + 3)
    expect(Math.max(...table.map((line) => line.length))).toBeLessThanOrEqual(80)
  })

  it('continues a long prompt in further blocks', () => {
    const prompt = Array.from({ length: 30 }, (_, index) => index).join(',')
    const { stdout } = lens('run', '--model', tiny, '--prompt-ids', prompt, '--target-id', '5')
    expect(
      stdout.split('\n').filter((line) => line.startsWith('layer  ') && line.includes('<')).length,
    ).toBeGreaterThan(2)
    expect(
      Math.max(
        ...stdout
          .split('\n')
          .filter((line) => /^ +\d /.test(line))
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(80)
  })

  it('does not mind a reader that closes early', () => {
    const { status } = spawnSync(
      'sh',
      ['-c', `${process.execPath} ${main} ${ids.join(' ')} --json | head -c 10`],
      {
        encoding: 'utf8',
        env: { ...process.env, IMPRINT_HOME: join(root, 'home') },
      },
    )
    expect(status).toBe(0)
  })
})

describe('bad input', () => {
  const withoutTarget = ['run', '--model', tiny, '--prompt-ids', '1,2,3']
  it.each([
    [2, 'BAD_ARGUMENT', [...ids, '--top', 'NaN']],
    [2, 'BAD_ARGUMENT', [...ids, '--top', '-1']],
    [2, 'BAD_ARGUMENT', [...ids, '--top', '51']],
    [2, 'BAD_ARGUMENT', [...ids, '--threads', '0']],
    [2, 'BAD_ARGUMENT', [...ids, '--threads', '1e3']],
    [2, 'BAD_ARGUMENT', [...ids, '--matrix', 'mlp.sideways']],
    [2, 'BAD_ARGUMENT', [...ids, '--matrix', 'mlp.gate']],
    [2, 'BAD_ARGUMENT', [...ids, '--lens', 'magnifying']],
    [2, 'BAD_ARGUMENT', [...ids, '--provider', 'abacus']],
    [2, 'BAD_ARGUMENT', [...ids, '--prompt', 'twice']],
    [2, 'BAD_ARGUMENT', [...ids, '--unheard-of']],
    [2, 'BAD_ARGUMENT', ['run', 'surplus']],
    [2, 'BAD_ARGUMENT', ['rum']],
    [2, 'BAD_ARGUMENT', [...withoutTarget, '--target-id', '-5']],
    [2, 'TARGET_EMPTY', withoutTarget],
    [2, 'TARGET_EMPTY', [...withoutTarget, '--target-id', '']],
    [2, 'PROMPT_EMPTY', ['run', '--model', tiny, '--target-id', '5']],
    [2, 'PROMPT_EMPTY', ['run', '--model', spoken, '--prompt', '', '--target', 'x']],
    [2, 'TARGET_EMPTY', ['run', '--model', spoken, '--prompt', 'a', '--target', '   ']],
    [
      2,
      'PROMPT_TOO_LONG',
      ['run', '--model', spoken, '--prompt', 'seventeen letters', '--target', 'x'],
    ],
    [2, 'TOKEN_OUT_OF_RANGE', [...withoutTarget, '--target-id', '61']],
    [2, 'TOKENIZER_MISSING', [...withoutTarget, '--target', 'x']],
    [3, 'MODEL_NOT_FOUND', ['run', '--model', 'unheard-of', '--prompt', 'a', '--target', 'b']],
    [3, 'MODEL_NOT_FOUND', ['run', '--model', '../nowhere', '--prompt', 'a', '--target', 'b']],
    [3, 'MODEL_UNSUPPORTED', ['verify', 'gpt2', '--model', tiny]],
    [3, 'FILE_UNREADABLE', [...ids, '--vectors', '/nowhere/vectors.safetensors']],
    [2, 'BAD_ARGUMENT', ['models', 'random', '--shape', 'tiny', '--out', tiny]],
    [2, 'BAD_ARGUMENT', ['models', 'random', '--shape', 'huge', '--out', 'x']],
  ] as [number, string, string[]][])('exit code %i, %s: %j', (exitCode, code, arguments_) => {
    const { status, stdout, stderr } = lens(...arguments_, '--json')
    expect(JSON.parse(stderr)).toMatchObject({ error: { code, cure: expect.any(String) } })
    expect(stdout).toBe('')
    expect(status).toBe(exitCode)
  })

  it.each([
    ['BAD_ARGUMENT', ['rum']],
    ['BAD_ARGUMENT', [...ids, '--top', 'NaN']],
    ['MODEL_NOT_FOUND', ['run', '--model', 'bundle', '--prompt', 'a', '--target', 'b']],
  ] as [string, string[]][])('says %s with its cure in two lines: %j', (code, arguments_) => {
    const { stdout, stderr } = lens(...arguments_)
    expect(stderr).toMatch(new RegExp(`^error ${code}: .+\\ncure: .+\\n$`))
    expect(stdout).toBe('')
  })

  it.each([
    [
      'WEIGHTS_INVALID',
      (directory: string) => truncateSync(join(directory, 'model.safetensors'), 3000),
    ],
    ['CONFIG_INVALID', (directory: string) => writeFileSync(join(directory, 'config.json'), '{')],
    [
      'TOKENIZER_INVALID',
      (directory: string) =>
        writeFileSync(join(directory, 'tokenizer.json'), '{"model":{"type":"BPE"}}'),
    ],
    [
      'WEIGHTS_MISMATCH',
      (directory: string) => {
        const config = JSON.parse(readFileSync(join(directory, 'config.json'), 'utf8')) as object
        writeFileSync(join(directory, 'config.json'), JSON.stringify({ ...config, n_layer: 5 }))
      },
    ],
  ])('%s is exit code 3 and writes no result', (code, damage) => {
    const directory = join(root, code)
    cpSync(tiny, directory, { recursive: true })
    damage(directory)
    const vectors = join(root, `${code}.safetensors`)
    const { status, stdout, stderr } = lens(
      'run',
      '--model',
      directory,
      '--prompt-ids',
      '1',
      '--target-id',
      '2',
      '--vectors',
      vectors,
    )
    expect(stderr).toContain(`error ${code}: `)
    expect([status, stdout]).toEqual([3, ''])
    expect(existsSync(vectors)).toBe(false)
  })
})

describe('a provider this machine lacks', () => {
  it('is exit code 4 with the provider named', () => {
    const { status, stderr } = lens(...ids, '--provider', 'cuda')
    // Where the runtime was built with CUDA but its libraries are absent, the runtime's own log comes first.
    expect(stderr).toMatch(/^error (PROVIDER_UNAVAILABLE|ENGINE_CRASHED): .*cuda/im)
    expect(status).toBe(4)
  })
})

describe('lens models', () => {
  it('generates, adds, lists and inspects', () => {
    const added = lensJson<{ name: string; weightsDigest: string }>(
      'models',
      'add',
      tiny,
      '--name',
      'my-tiny',
    )
    expect(added.name).toBe('my-tiny')
    const models = lensJson<{ name: string; weightsDigest: string | null }[]>('models', 'list')
    expect(models.find(({ name }) => name === 'my-tiny')!.weightsDigest).toBe(added.weightsDigest)
    expect(lens('models', 'list').stdout).toContain('my-tiny')
    const inspection = lensJson<{ parameters: number; tensors: unknown[]; fits: boolean }>(
      'models',
      'inspect',
      'my-tiny',
    )
    expect(inspection).toMatchObject({ parameters: 8080, fits: true })
    expect(inspection.tensors.length).toBe(28)
    expect(lens('models', 'inspect', tiny).stdout).toMatch(/at once, .* block by block, .*: fits$/m)
    expect(lens('models', 'inspect', tiny, '--tensors').stdout).toContain('h.1.mlp.c_proj.weight')
    expect(
      lensJson<ResultJson>('run', '--model', 'my-tiny', '--prompt-ids', '1', '--target-id', '2')
        .tokens,
    ).toHaveLength(1)
  })

  it('adds one model once, however many processes add it at the same time', async () => {
    const home = join(root, 'shared-home')
    const results = await Promise.all(
      Array.from({ length: 4 }, () =>
        promisify(execFile)(process.execPath, [main, 'models', 'add', tiny, '--json'], {
          env: { ...process.env, IMPRINT_HOME: home },
        }),
      ),
    )
    const directories = results.map(
      ({ stdout }) => (JSON.parse(stdout) as { directory: string }).directory,
    )
    expect(new Set(directories).size).toBe(1)
    expect(readdirSync(join(home, 'models'))).toHaveLength(1)
    expect(readdirSync(directories[0]!).sort()).toEqual([
      'config.json',
      'imprint.json',
      'model.safetensors',
    ])
  })

  it('generates the same files from the same seed', () => {
    const again = join(root, 'again')
    lens('models', 'random', '--shape', 'tiny', '--out', again, '--seed', '7')
    const weights = (directory: string) => readFileSync(join(directory, 'model.safetensors'))
    expect(weights(again).equals(weights(tiny))).toBe(true)
    expect(readdirSync(root).filter((name) => name.includes('partial'))).toEqual([])
  })
})

describe('lens --help', () => {
  it('teaches: examples, exit codes, JSON keys', () => {
    const { status, stdout } = lens('--help')
    expect(status).toBe(0)
    expect(stdout).toContain('Exit codes:')
    expect(lens('run', '--help').stdout).toContain('gradientCheck')
    expect(lens('--version').stdout).toBe('0.1.0\n')
    expect(lens('models', '--help').stdout).toContain('inspect')
  })
})
