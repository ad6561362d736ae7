// A full disk and a limit of memory: the cases that met it fail with the error's code, the others are done, and once there is
// room again a retry finishes them.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import {
  differencesOf,
  fingerprint,
  look,
  prepare,
  startEvaluation,
  waitForEnd,
} from '../evaluations.mjs'
import { check, identical, undisturbed } from '../scenario.mjs'
import { query } from '../stage/cluster.mjs'
import { graphql } from '../stage/graphql.mjs'
import { stopPolitely } from '../stage/programs.mjs'

const megabyte = 2 ** 20

/** One arm that writes nothing, and one whose key covariances are written into the home first. */
const armsOf = (modelId) => [
  { name: 'unchanged', modelId, method: 'no-edit' },
  { name: 'covariance', modelId, method: 'rome' },
]

/** A disk of so many megabytes in memory; null where that is not allowed. */
function mountDisk(directory, megabytes) {
  mkdirSync(directory)
  const words = ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', directory]
  return spawnSync('mount', words).status === 0 ? directory : null
}

/** Fills a disk up to a rest. */
function fill(directory, restMegabytes) {
  const { bavail, bsize } = statfsSync(directory)
  writeFileSync(
    path.join(directory, 'filler'),
    Buffer.alloc(Math.max(0, bavail * bsize - restMegabytes * megabyte)),
  )
}

const failuresOf = (url, id) =>
  query(
    url,
    `SELECT a."name", r."record"->'error'->>'code' AS "code", count(*)::int AS "rows"
     FROM "case_result" r JOIN "evaluation_arm" a ON a."id" = r."arm_id"
     WHERE r."evaluation_id" = $1 AND r."kind" = 'FAILURE' GROUP BY 1, 2 ORDER BY 1, 2`,
    [id],
  )

const inWords = (failures) =>
  failures.map(({ name, code, rows }) => `${name}: ${rows} ${code}`).join(', ')

/** Whether every failure is of this arm and has this code, and it has `rows` of them. */
const areAll = (failures, name, code, rows) =>
  failures.length === 1 &&
  failures[0].name === name &&
  failures[0].code === code &&
  failures[0].rows === rows

async function retry(scene, id) {
  const text = 'mutation($id: ID!) { retryFailedCases(id: $id) { errors { message } } }'
  const { retryFailedCases } = await graphql(scene.api.url, text, { id })
  if (retryFailedCases.errors.length > 0) throw new Error(retryFailedCases.errors[0].message)
  await waitForEnd(scene.url, id)
}

async function fullDisk(stage, { cases }) {
  const home = mountDisk(path.join(stage.directory, 'disk'), 64)
  if (home === null)
    return [check('a full disk', 'left out: mounting a disk is not allowed here', true)]
  const scene = await stage.openScene()
  try {
    const prepared = await prepare(scene, cases)
    const options = { arms: armsOf(prepared.modelId), casesPerBatch: 5 }
    const golden = await undisturbed(stage, {
      cases,
      options: { casesPerBatch: 5, arms: options.arms },
    })
    const worker = await scene.startWorker({ IMPRINT_HOME: home })
    fill(home, 1)
    const id = await startEvaluation(scene, prepared, options)
    await waitForEnd(scene.url, id)
    const failures = await failuresOf(scene.url, id)
    const { state } = await look(scene.url, id)
    rmSync(path.join(home, 'filler'))
    await retry(scene, id)
    const arms = await fingerprint(scene.url, id)
    const left = await failuresOf(scene.url, id)
    return [
      check('full disk: the evaluation ends as', state, state === 'DONE'),
      check(
        'full disk: failed cases',
        inWords(failures),
        areAll(failures, 'covariance', 'DISK_FULL', cases),
      ),
      check('full disk: the worker lives', worker.ended === null, worker.ended === null),
      check('full disk: failed after room was made and a retry', inWords(left), left.length === 0),
      identical('full disk: rows after the retry', differencesOf(arms, golden.arms)),
    ]
  } finally {
    await scene.close()
    spawnSync('umount', [home])
    if (existsSync(home)) rmSync(home, { recursive: true, force: true })
  }
}

async function littleMemory(stage, { cases, memory }) {
  const scene = await stage.openScene()
  try {
    const prepared = await prepare(scene, cases)
    const worker = await scene.startWorker({ IMPRINT_MEMORY_LIMIT: memory })
    const id = await startEvaluation(scene, prepared, { casesPerBatch: 5 })
    await waitForEnd(scene.url, id)
    const { state, rows } = await look(scene.url, id)
    const failures = await failuresOf(scene.url, id)
    const codes = [...new Set(failures.map(({ code }) => code))]
    const lives = worker.ended === null
    await stopPolitely(worker)
    await scene.startWorker()
    await retry(scene, id)
    const after = await look(scene.url, id)
    return [
      check('memory limit: the evaluation ends as', state, state === 'DONE' && rows === cases * 2),
      check(
        'memory limit: codes of failed cases',
        codes.join(', '),
        codes.join() === 'ENGINE_OUT_OF_MEMORY',
      ),
      check('memory limit: the worker lives', lives, lives),
      check('failed after a retry without the limit', after.failed, after.failed === 0),
    ]
  } finally {
    await scene.close()
  }
}

export const scarcity = {
  id: 'scarcity',
  title: 'a full disk, and a limit of memory',
  sizes: { full: { cases: 20, memory: '150M' }, small: null },
  async run(stage, size) {
    return [...(await fullDisk(stage, size)), ...(await littleMemory(stage, size))]
  },
}
