// What the scenarios play on: a cluster, a home with the bundled model, and for each scenario a database, API and workers.
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { freePort } from '../../postgres/index.mjs'
import { openCluster } from './cluster.mjs'
import { startApi, startWorker, stopPolitely } from './programs.mjs'

/** Seconds of a lease where everything shares one scene. */
const sharedLease = 8

/** With `shared` all scenarios play on one database and one API, which saves their starts. */
export async function openStage({ shared = false } = {}) {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'imprint-reliability-'))
  chmodSync(directory, 0o755)
  const home = path.join(directory, 'home')
  mkdirSync(home)
  const cluster = await openCluster(home)
  const scenes = []
  const openScene = async ({ lease = 20 } = {}) => {
    if (shared && scenes.length > 0) return scenes[0]
    const place = { cluster, home, shared, name: `scene_${scenes.length + 1}` }
    scenes.push(await makeScene(place, shared ? sharedLease : lease))
    return scenes.at(-1)
  }
  return {
    ...{ cluster, directory, home },
    /** A database with an API on it; its workers are started by the scenario. */
    openScene,
    /** What the programs of the last scene said at the end, for a scenario that failed. */
    lastWords: () => (scenes.at(-1)?.programs ?? []).slice(-4).map(lastWordsOf).join('\n'),
    close: async () => {
      await Promise.all(scenes.map(({ end }) => end()))
      await cluster.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

function lastWordsOf({ pid, ended, lines }) {
  const state = ended === null ? 'runs' : `ended (${ended.code ?? ended.signal})`
  const said = lines.slice(-5).map(({ msg, err }) => `  ${msg} ${err?.message ?? ''}`.trimEnd())
  return [`process ${pid} ${state}:`, ...said].join('\n')
}

async function makeScene({ cluster, home, shared, name }, lease) {
  const url = await cluster.createDatabase(name)
  const settings = {
    DATABASE_URL: url,
    IMPRINT_SINGLE_USER: '1',
    IMPRINT_LEASE_SECONDS: String(lease),
    IMPRINT_HOME: home,
    IMPRINT_API_PORT: String(await freePort()),
    IMPRINT_PROVIDER: 'cpu',
    IMPRINT_THREADS: '1',
  }
  const programs = []
  const stopAll = (those) => Promise.all(those.map((program) => stopPolitely(program)))
  const scene = {
    ...{ url, settings, programs },
    api: null,
    startWorker: async (env = {}, options = {}) => {
      const worker = await startWorker({ ...settings, ...env }, options)
      programs.push(worker)
      return worker
    },
    restartApi: async () => {
      scene.api = await startApi(settings)
      programs.push(scene.api.process)
    },
    close: () => stopAll(shared ? programs.filter((one) => one !== scene.api.process) : programs),
    end: () => stopAll(programs),
  }
  await scene.restartApi()
  return scene
}
