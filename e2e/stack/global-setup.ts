// One real Imprint for all journeys: started before the first, ended after the last.
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { startStack } from './start-stack.mjs'

const logs = fileURLToPath(new URL('../test-results/stack-logs', import.meta.url))

export default async function startEverything(): Promise<() => Promise<void>> {
  const stack = await startStack()
  process.env['IMPRINT_E2E_WEB_URL'] = stack.webUrl
  process.env['IMPRINT_E2E_API_URL'] = stack.apiUrl
  process.env['IMPRINT_E2E_HOME'] = stack.home
  process.env['IMPRINT_E2E_WORKER_PID'] = String(stack.pids.worker)
  process.stdout.write(`Imprint runs at ${stack.webUrl} after ${stack.startSeconds.toFixed(1)} s\n`)
  return () => stack.stop(path.resolve(logs))
}
