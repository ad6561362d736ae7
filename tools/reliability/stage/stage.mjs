// What the scenarios play on: a cluster, a home with the bundled model, and for each scenario a database, API and workers.
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { freePort } from '../../postgres/index.mjs'
import { openCluster } from './cluster.mjs'
import { startApi, startWorker, stopPolitely } from './programs.mjs'

export async function openStage() {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'imprint-reliability-'))
  chmodSync(directory, 0o755)
  const home = path.join(directory, 'home')
  mkdirSync(home)
  const cluster = await openCluster(home)
  let count = 0
  return {
    cluster,
    directory,
    home,
    /** A database with an API on it; its workers are started by the scenario. */
    openScene: async (options = {}) =>
      openScene({ cluster, home, name: `scene_${++count}` }, options),
    close: async () => {
      await cluster.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

async function openScene({ cluster, home, name }, { api: apiSettings = {}, lease = 30 } = {}) {
  const url = await cluster.createDatabase(name)
  const port = await freePort()
  const settings = {
    DATABASE_URL: url,
    IMPRINT_LEASE_SECONDS: String(lease),
    IMPRINT_HOME: home,
    IMPRINT_API_PORT: String(port),
    IMPRINT_PROVIDER: 'cpu',
    IMPRINT_THREADS: '1',
  }
  const programs = []
  const scene = {
    url,
    settings,
    api: await startApi({ ...settings, ...apiSettings }),
    programs,
    startWorker: async (env = {}, options = {}) => {
      const worker = await startWorker({ ...settings, ...env }, options)
      programs.push(worker)
      return worker
    },
    restartApi: async () => {
      scene.api = await startApi({ ...settings, ...apiSettings })
      programs.push(scene.api.process)
    },
    close: async () => {
      await Promise.all(programs.map((program) => stopPolitely(program)))
    },
  }
  programs.push(scene.api.process)
  return scene
}
