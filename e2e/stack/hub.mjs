// A hub on this machine: the repository `imprint/facts` holds the bundled model. A first request for its weights is
// answered slowly enough to watch and to cancel on a busy machine; one that goes on with the rest gets it at once.
import { createHash } from 'node:crypto'
import { createReadStream, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export const modelDirectory = fileURLToPath(new URL('../../models/facts-gpt2', import.meta.url))
const files = ['config.json', 'model.safetensors', 'tokenizer.json']
const repository = 'imprint/facts'
const commit = '89abcdef0123456789abcdef0123456789abcdef'
/** Milliseconds between pieces of 64 kB of the weights: most of a minute in all. */
const pieceMilliseconds = 200

function describe(name) {
  const bytes = readFileSync(path.join(modelDirectory, name))
  const oid = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
  const lfs = { oid: createHash('sha256').update(bytes).digest('hex'), size: bytes.length }
  const large = name.endsWith('.safetensors')
  return { type: 'file', path: name, size: bytes.length, oid, ...(large ? { lfs } : {}) }
}

async function sendFile(name, request, response) {
  const file = path.join(modelDirectory, name)
  const { size } = statSync(file)
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
  response.writeHead(from > 0 ? 206 : 200, {
    'content-length': size - from,
    ...(from > 0 ? { 'content-range': `bytes ${from}-${size - 1}/${size}` } : {}),
  })
  for await (const piece of createReadStream(file, { start: from, highWaterMark: 65_536 })) {
    if (response.destroyed) return
    response.write(piece)
    if (from === 0 && name.endsWith('.safetensors')) await sleep(pieceMilliseconds)
  }
  response.end()
}

function answer(request, response) {
  const { pathname } = new URL(request.url ?? '/', 'http://hub')
  const json = (value) =>
    response.setHeader('content-type', 'application/json').end(JSON.stringify(value))
  if (pathname.startsWith(`/api/models/${repository}/revision/`)) return json({ sha: commit })
  if (pathname.startsWith(`/api/models/${repository}/tree/`)) return json(files.map(describe))
  const name = pathname.slice(`/${repository}/resolve/${commit}/`.length)
  if (pathname.startsWith(`/${repository}/`) && files.includes(name))
    return sendFile(name, request, response)
  response.writeHead(404, { 'x-error-code': 'RepoNotFound' }).end()
}

/** Starts the hub on a free port. */
export async function startHub() {
  const server = createServer((request, response) => void answer(request, response))
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop = () =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { url: `http://127.0.0.1:${server.address().port}`, stop }
}
