// What the tests of downloads share: a hub with a tiny model on it, an empty home, and little patience.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LensEngineError } from '../errors.js'
import { startHubServer, type HubServer, type PublishedRepository } from './hub-server.js'
import { writeRandomGpt2 } from './random-gpt2.js'
import { downloadModelUnder } from '../hub/download-model.js'
import type { DownloadOptions } from '../hub/download-options.js'
import { usualConditions, type HubConditions } from '../hub/hub-settings.js'
import { parseModelSource, type HubSource } from '../hub/model-source.js'

export const commit = 'c0ffee'.repeat(6) + 'beef'

export interface World {
  readonly hub: HubServer
  readonly home: string
  readonly files: Readonly<Record<string, Buffer>>
  readonly weights: Buffer
  get(
    text: string,
    options?: Partial<DownloadOptions>,
    conditions?: Partial<HubConditions>,
  ): ReturnType<typeof downloadModelUnder>
  errorOf(
    text: string,
    options?: Partial<DownloadOptions>,
    conditions?: Partial<HubConditions>,
  ): Promise<LensEngineError>
  /** Files in the cache of the tiny repository, by room. */
  cached(room: 'blobs' | 'partials' | 'work'): readonly string[]
  /** Names in the store. */
  stored(): readonly string[]
  close(): Promise<void>
}

const impatient: HubConditions = {
  ...usualConditions,
  environment: {},
  connectMs: 1000,
  stallMs: 250,
  answerMs: 1500,
  attempts: 3,
  pauseMs: 5,
  longestPauseMs: 3000,
}

/** @param others repositories beside `tiny/gpt2` */
export async function makeWorld(
  others: Readonly<Record<string, PublishedRepository>> = {},
  extraFiles: Readonly<Record<string, Buffer>> = {},
): Promise<World> {
  const root = mkdtempSync(join(tmpdir(), 'imprint-hub-'))
  const home = join(root, 'home')
  const model = writeRandomGpt2(join(root, 'model'), { layers: 1, width: 64, vocabularySize: 300 })
  const files = {
    ...Object.fromEntries(
      readdirSync(model).map((name) => [name, readFileSync(join(model, name))]),
    ),
    ...extraFiles,
  }
  const hub = await startHubServer({
    'tiny/gpt2': { revisions: { main: commit, 'refs/pr/1': commit }, files },
    ...others,
  })
  const get: World['get'] = (text, options = {}, conditions = {}) =>
    downloadModelUnder({ ...impatient, ...conditions }, parseModelSource(text) as HubSource, {
      home,
      endpoint: hub.endpoint,
      ...options,
    })
  const list = (directory: string) => (existsSync(directory) ? readdirSync(directory) : [])
  return {
    hub,
    home,
    files,
    weights: files['model.safetensors']!,
    get,
    errorOf: async (...call) => {
      try {
        await get(...call)
      } catch (error) {
        if (error instanceof LensEngineError) return error
        throw error
      }
      throw new Error('nothing was thrown')
    },
    cached: (room) => {
      const host = list(join(home, 'hub'))[0]
      return host === undefined ? [] : list(join(home, 'hub', host, 'tiny--gpt2', room))
    },
    stored: () => list(join(home, 'models')),
    close: async () => {
      await hub.close()
      rmSync(root, { recursive: true, force: true })
    },
  }
}
