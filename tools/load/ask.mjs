// One client: asks, notes status and time, rests, asks again.
import http from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

/** What clients have seen together. */
export function createTally() {
  const statuses = {}
  const tally = { milliseconds: [], counts: { answers: 0, statuses } }
  tally.note = (status, milliseconds) => {
    statuses[status] = (statuses[status] ?? 0) + 1
    if (status !== '200') return
    tally.counts.answers += 1
    tally.milliseconds.push(milliseconds)
  }
  return tally
}

function send({ url, agent, localAddress }, operation) {
  const body = JSON.stringify(operation)
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
  return new Promise((resolve) => {
    const options = { method: 'POST', headers, agent, localAddress, timeout: 30_000 }
    const request = http.request(`${url}/graphql`, options, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk))
      response.once('error', () => resolve('no answer'))
      response.once('end', () => {
        const wrong = response.statusCode === 200 && text.includes('"errors":[{')
        resolve(wrong ? 'graphql errors' : String(response.statusCode))
      })
    })
    request.once('timeout', () => request.destroy())
    request.once('error', () => resolve('no answer'))
    request.end(body)
  })
}

/** Asks `next()` after `next()` until a moment. */
export async function askUntil(over, { url, tally, pause, localAddress, next }) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
  await sleep(Math.random() * Math.max(pause, 50))
  do {
    const started = performance.now()
    const status = await send({ url, agent, localAddress }, next())
    tally.note(status, performance.now() - started)
    await sleep(pause === 0 ? 1 : pause * (0.5 + Math.random()))
  } while (Date.now() < over)
  agent.destroy()
}
