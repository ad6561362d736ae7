import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readEnvironment } from '../env.js'
import { UserFailure } from '../errors/user-failure.js'
import { ServerPaths } from './server-paths.js'

const home = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'imprint-paths-')))
afterAll(() => rmSync(home, { recursive: true, force: true }))
const allowed = path.join(home, 'models')
const secret = path.join(home, 'secret')
mkdirSync(path.join(allowed, 'gpt2'), { recursive: true })
mkdirSync(secret)
writeFileSync(path.join(secret, 'config.json'), '{}')
symlinkSync(secret, path.join(allowed, 'escape'))
mkdirSync(path.join(allowed, 'half'))
symlinkSync(path.join(secret, 'config.json'), path.join(allowed, 'half', 'config.json'))
mkdirSync(path.join(allowed, 'cache'))
symlinkSync(path.join(allowed, 'gpt2'), path.join(allowed, 'cache', 'blob'))

const codeOf = (work: () => unknown): string => {
  try {
    work()
    return 'allowed'
  } catch (error) {
    if (error instanceof UserFailure) return error.code
    throw error
  }
}

describe('paths on the server, when only some directories are allowed', () => {
  const paths = new ServerPaths([allowed])

  it('lead to models below them, links between them included', () => {
    expect(paths.resolve(path.join(allowed, 'gpt2'))).toBe(path.join(allowed, 'gpt2'))
    expect(paths.resolve(`${allowed}/gpt2/../gpt2/.`)).toBe(path.join(allowed, 'gpt2'))
    expect(codeOf(() => paths.resolve(path.join(allowed, 'cache')))).toBe('allowed')
  })

  it.each([
    '/',
    '/etc',
    '/etc/passwd',
    secret,
    `${allowed}/../secret`,
    `${allowed}/gpt2/../../secret`,
    `${allowed}/./../secret/config.json`,
    `${allowed}secret`,
    `${allowed}-other`,
    '/proc/self/environ',
    `${allowed}/escape`,
    `${allowed}/escape/config.json`,
    `${allowed}/half`,
    '~/.ssh',
  ])('refuse %s', (text) => {
    expect(codeOf(() => paths.resolve(text))).toBe('PATH_NOT_ALLOWED')
  })

  it.each(['models', '../secret', './gpt2', 'C:\\models', '%2e%2e/secret', '~', ''])(
    'refuse "%s", which is no absolute path',
    (text) => {
      expect(codeOf(() => paths.resolve(text))).toBe('PATH_NOT_ABSOLUTE')
    },
  )

  it('do not tell whether something outside exists', () => {
    const answers = [secret, path.join(home, 'nothing')].map((text) => {
      try {
        return paths.resolve(text)
      } catch (error) {
        return String(error).replace(text, '')
      }
    })
    expect(answers[0]).toBe(answers[1])
  })

  it('say what is missing below an allowed one', () => {
    expect(codeOf(() => paths.resolve(`${allowed}/nothing`))).toBe('MODEL_NOT_FOUND')
    expect(codeOf(() => paths.resolve(`${allowed}/nul\0l`))).toBe('PATH_NOT_ABSOLUTE')
  })
})

describe('which directories are allowed', () => {
  const settings = { DATABASE_URL: 'postgresql://localhost/none' }
  const of = (more: Record<string, string>) =>
    readEnvironment({ ...settings, ...more }).modelDirectories

  it('is every one for the local user, none on an open server, or those that are named', () => {
    expect(of({})).toBe('any')
    expect(of({ IMPRINT_API_HOST: '0.0.0.0' })).toEqual([])
    expect(of({ IMPRINT_MODEL_DIRECTORIES: `/data/models${path.delimiter}/srv` })).toEqual([
      '/data/models',
      '/srv',
    ])
    expect(codeOf(() => new ServerPaths([]).check('/data'))).toBe('PATH_NOT_ALLOWED')
    expect(new ServerPaths('any').resolve(secret)).toBe(secret)
  })
})
