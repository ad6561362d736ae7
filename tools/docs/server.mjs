// A server of its own for what documentation shows: database, API, worker, an owner, and two keys: one that may all, one that may read.
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { freePort } from '../postgres/index.mjs'
import { openCluster } from '../reliability/stage/cluster.mjs'
import { startApi, startWorker, stopPolitely } from '../reliability/stage/programs.mjs'

const owner = { name: 'Ada', email: 'ada@example.org', password: 'correct horse battery staple' }

async function post(url, query, variables, headers = {}) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: 'http://localhost:3000', ...headers },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors } = await response.json()
  const [wrong] = [...(errors ?? []), ...(Object.values(data ?? {})[0]?.errors ?? [])]
  if (wrong) throw new Error(`${wrong.extensions?.code ?? wrong.code}: ${wrong.message}`)
  return { data, cookies: response.headers.getSetCookie() }
}

async function makeKey(url, cookie, name, scopes) {
  const text = `mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) {
    secret errors { code message } } }`
  const { data } = await post(url, text, { input: { name, scopes } }, { cookie })
  return data.createApiKey.secret
}

/** The answer to `createApiKey` needs a signed-in person, whom `setUpOwner` makes. */
async function makeKeys(url) {
  const text = `mutation($input: SetUpOwnerInput!) { setUpOwner(input: $input) { errors { code message } } }`
  const { cookies } = await post(url, text, { input: owner })
  const cookie = cookies.map((one) => one.split(';')[0]).join('; ')
  const all = ['READ', 'ANNOTATE', 'COMPUTE', 'REVIEW']
  return {
    cookie,
    key: await makeKey(url, cookie, 'all', all),
    readKey: await makeKey(url, cookie, 'read', ['READ']),
  }
}

export async function openServer() {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'imprint-docs-'))
  chmodSync(directory, 0o755)
  const home = path.join(directory, 'home')
  mkdirSync(home)
  const ends = [() => rmSync(directory, { recursive: true, force: true })]
  const close = async () => {
    for (const end of ends.splice(0).reverse()) await end()
  }
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => void close().finally(() => process.exit(1)))
  try {
    const cluster = await openCluster(home)
    ends.push(() => cluster.close())
    const settings = {
      DATABASE_URL: await cluster.createDatabase('documented'),
      IMPRINT_HOME: home,
      IMPRINT_API_PORT: String(await freePort()),
      IMPRINT_SINGLE_USER: '0',
      IMPRINT_PROVIDER: 'cpu',
      IMPRINT_THREADS: '1',
      IMPRINT_LOG_LEVEL: 'info',
    }
    const api = await startApi(settings)
    ends.push(() => stopPolitely(api.process))
    const worker = await startWorker(settings)
    ends.push(() => stopPolitely(worker))
    const url = `http://127.0.0.1:${settings.IMPRINT_API_PORT}`
    return { url, home, directory, settings, api, worker, close, ...(await makeKeys(url)) }
  } catch (error) {
    await close()
    throw error
  }
}
