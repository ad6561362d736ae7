// Runs the steps one after the other, to the end whatever fails, and reports.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ensureBrowser } from '../setup/browser.mjs'
import { ensureInstalled } from '../setup/install.mjs'
import { createProcessGroup } from '../setup/processes.mjs'
import { endLeftovers, findLeftovers } from './leftovers.mjs'
import { runStep } from './run-step.mjs'
import { chooseSteps, root } from './steps.mjs'
import { duration, printSummary, total } from './summary.mjs'

const say = (line) => console.log(line)
const tailLength = 60

/** One temporary directory for everything a run makes; the account of PostgreSQL has to be able to pass through it. */
function makeTemporaryDirectory() {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'imprint-test-'))
  chmodSync(directory, 0o755)
  return directory
}

function chooseBrowser({ withoutBrowser, chosen }) {
  if (!chosen.some(({ browser }) => browser)) return { label: 'not needed', executable: null }
  if (withoutBrowser) return { label: 'none (--without-browser)', executable: null }
  try {
    const found = ensureBrowser({ report: (line) => say(`  ${line}`) })
    return { label: `${found.version}, ${found.source}`, executable: found.executable }
  } catch (error) {
    return { label: 'none could be had', executable: null, problem: error.message }
  }
}

function withoutRunning(step, browser, withoutBrowser) {
  const nothing = { id: step.id, passed: 0, failed: 0, skipped: 0, seconds: 0, failures: [] }
  if (withoutBrowser) return { ...nothing, skipped: 1, note: 'left out: --without-browser' }
  say(browser.problem)
  return { ...nothing, failed: 1, note: 'no browser', failures: ['no browser'] }
}

function announce(step, result) {
  const { passed, failed, skipped, seconds } = result
  const numbers = `${passed} passed${failed ? `, ${failed} FAILED` : ''}${skipped ? `, ${skipped} skipped` : ''}`
  say(`${failed ? 'FAIL' : 'ok  '} ${step.title}: ${numbers} in ${duration(seconds)}`)
  if (failed === 0) return
  result.failures.slice(0, 20).forEach((line) => say(`     - ${line}`))
  say(`     end of ${path.relative(root, result.log)}:`)
  result.lines.slice(-tailLength).forEach((line) => say(`     | ${line}`))
}

/** Steps that may run beside each other, neighbours only; every other step is alone. */
export function groupSteps(chosen) {
  const groups = []
  for (const step of chosen) {
    const last = groups.at(-1)
    if (step.beside && last?.[0].beside) last.push(step)
    else groups.push([step])
  }
  return groups
}

async function runOne(step, { browser, withoutBrowser, group, environment }) {
  if (group.isStopping()) await new Promise(() => {})
  if (step.browser && browser.executable === null) {
    return withoutRunning(step, browser, withoutBrowser)
  }
  say(`     ${step.title} ...`)
  const result = { id: step.id, ...(await runStep(step, { group, environment })) }
  announce(step, result)
  return result
}

/** Runs each group to its end before the next, two steps of it at a time; the results keep the order of the steps. */
async function runSteps(chosen, context) {
  const results = []
  for (const steps of groupSteps(chosen)) {
    const found = new Array(steps.length)
    let next = 0
    const lane = async () => {
      while (next < steps.length) {
        const index = next++
        found[index] = await runOne(steps[index], context)
      }
    }
    await Promise.all([lane(), lane()])
    results.push(...found)
  }
  return results
}

/** The last check: a test run that leaves a process behind has failed. */
async function checkLeftovers(directory) {
  const started = Date.now()
  let left = findLeftovers(directory)
  for (let tries = 0; left.length > 0 && tries < 20; tries += 1) {
    await sleep(250)
    left = findLeftovers(directory)
  }
  endLeftovers(left)
  left.forEach(({ pid, command }) => say(`     left running: ${pid} ${command.slice(0, 160)}`))
  const failed = left.length > 0 ? 1 : 0
  const seconds = (Date.now() - started) / 1000
  return { id: 'leftovers', passed: 1 - failed, failed, skipped: 0, seconds, failures: [] }
}

/** Runs what was asked for; returns the exit status. */
export async function runAll({ only, withoutBrowser }) {
  const started = Date.now()
  const chosen = chooseSteps(only)
  await ensureInstalled({ root, report: (line) => say(`     ${line}`) })
  const directory = makeTemporaryDirectory()
  const cleanUp = () => {
    endLeftovers(findLeftovers(directory))
    rmSync(directory, { recursive: true, force: true })
  }
  const group = createProcessGroup({ beforeExit: cleanUp })
  const browser = chooseBrowser({ withoutBrowser, chosen })
  const environment = {
    TMPDIR: directory,
    IMPRINT_TEST_DIRECTORY: directory,
    ...(browser.executable === null ? {} : { CHROMIUM_PATH: browser.executable }),
  }
  const results = await runSteps(chosen, { browser, withoutBrowser, group, environment })
  results.push(await checkLeftovers(directory))
  cleanUp()
  say(printSummary({ results, browser: browser.label, seconds: (Date.now() - started) / 1000 }))
  return total(results).failed > 0 ? 1 : 0
}
