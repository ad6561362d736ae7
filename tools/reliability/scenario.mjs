// Parts that scenarios share: the undisturbed evaluation, its comparison, random moments, summaries of times.
import { setTimeout as sleep } from 'node:timers/promises'
import {
  aggregate,
  differencesOf,
  fingerprint,
  isComputing,
  look,
  prepare,
  rework,
  startEvaluation,
  waitForEnd,
} from './evaluations.mjs'
import { until } from './stage/programs.mjs'

const undisturbedRuns = new Map()

/** The same evaluation with nothing in its way, once for each number of cases and options. */
export async function undisturbed(stage, { cases, options = {} }) {
  const key = JSON.stringify({ cases, options })
  if (!undisturbedRuns.has(key))
    undisturbedRuns.set(key, await runUndisturbed(stage, cases, options))
  return undisturbedRuns.get(key)
}

async function runUndisturbed(stage, cases, options) {
  const scene = await stage.openScene()
  try {
    await scene.startWorker()
    const prepared = await prepare(scene, cases)
    const started = Date.now()
    const id = await startEvaluation(scene, prepared, options)
    const { state } = await waitForEnd(scene.url, id)
    if (state !== 'DONE') throw new Error(`the undisturbed evaluation ended as ${state}`)
    const arms = await fingerprint(scene.url, id)
    const seconds = (Date.now() - started) / 1000
    return { arms, aggregate: await aggregate(scene, id), seconds }
  } finally {
    await scene.close()
  }
}

/** Everything that has to hold of a disturbed evaluation, as rows of checks. */
export async function sameAsUndisturbed(scene, id, { cases, golden }) {
  const { state, failed } = await look(scene.url, id)
  const arms = await fingerprint(scene.url, id)
  const perArm = Object.values(arms)
  const differences = differencesOf(arms, golden.arms)
  return [
    check('the evaluation is done', state, state === 'DONE'),
    check('failed cases', failed, failed === 0),
    check(
      'rows of each arm',
      perArm.map(({ rows }) => rows).join(', '),
      perArm.length === Object.keys(golden.arms).length &&
        perArm.every(({ rows }) => rows === cases),
    ),
    check(
      'distinct cases of each arm',
      perArm.map(({ cases: distinct }) => distinct).join(', '),
      perArm.every(({ cases: distinct }) => distinct === cases),
    ),
    identical('metrics and raw records of every case', differences),
    await sameAggregate(scene, id, golden),
  ]
}

async function sameAggregate(scene, id, golden) {
  const same = (await aggregate(scene, id)) === golden.aggregate
  return check('means, intervals, differences', same ? 'bit-identical' : 'differ', same)
}

/** That nothing differs from the undisturbed evaluation; else where. */
export const identical = (what, differences) =>
  check(
    what,
    differences.length === 0 ? 'bit-identical' : `differ in ${differences.join('; ')}`,
    differences.length === 0,
  )

/** One figure of a scenario: what it is, what was found, whether that is enough. */
export const check = (what, found, passed) => ({ what, found, passed })

/** Batches computed more than once: at most one for each disturbance. */
export async function reworkCheck(url, id, disturbances) {
  const { lost } = await rework(url, id)
  return check(
    'batches begun again',
    `${lost} after ${disturbances} disturbances`,
    lost <= disturbances,
  )
}

export const randomBetween = (low, high) => low + Math.random() * (high - low)
export const randomSleep = (low, high) => sleep(randomBetween(low, high))

/** Waits until one of these workers holds a batch; that worker and its batch, or null when the evaluation has ended. */
export async function whoComputes(url, id, workers) {
  const found = async () => {
    const state = (await look(url, id).catch(() => null))?.state
    if (state !== undefined && !['QUEUED', 'RUNNING'].includes(state)) return { worker: null }
    const owners = await isComputing(url, id).catch(() => [])
    const worker = workers.find(({ pid }) => owners.some((owner) => owner.includes(`:${pid}:`)))
    return worker === undefined ? null : { worker }
  }
  return (await until(found, 'a worker computes', 120_000)).worker
}

/** Median, 95th percentile and largest of some times. */
export function spread(times) {
  const sorted = [...times].sort((a, b) => a - b)
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]
  return { n: sorted.length, p50: at(0.5), p95: at(0.95), max: sorted.at(-1) }
}

export const inSeconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`
export const spreadText = ({ n, p50, max }) =>
  `p50 ${inSeconds(p50)}, max ${inSeconds(max)} of ${n}`
