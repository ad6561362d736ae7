// Starts evaluations as a page does, waits for them, and takes their fingerprint: what must not depend on what happened.
import { createHash } from 'node:crypto'
import { query } from './stage/cluster.mjs'
import { graphql } from './stage/graphql.mjs'
import { until } from './stage/programs.mjs'

const finalStates = ['DONE', 'FAILED', 'CANCELLED']

/** The bundled model and a slice of the bundled facts. */
export async function prepare({ api }, cases) {
  const { models, datasets } = await graphql(
    api.url,
    `
      {
        models {
          edges {
            node {
              id
              bundled
            }
          }
        }
        datasets(first: 10) {
          edges {
            node {
              id
              bundled
            }
          }
        }
      }
    `,
  )
  const bundled = ({ edges }) => edges.map(({ node }) => node).find((node) => node.bundled)
  const input = { datasetId: bundled(datasets).id, count: cases, seed: 1, name: 'reliability' }
  const { createSlice } = await graphql(
    api.url,
    `
      mutation ($input: CreateSliceInput!) {
        createSlice(input: $input) {
          slice {
            id
            cases
          }
          errors {
            message
          }
        }
      }
    `,
    { input },
  )
  if (createSlice.errors.length > 0) throw new Error(createSlice.errors[0].message)
  return { modelId: bundled(models).id, sliceId: createSlice.slice.id }
}

/** Arms of methods that cost little. */
export const cheapArms = (modelId) => [
  { name: 'unchanged', modelId, method: 'no-edit' },
  { name: 'shifted', modelId, method: 'forward-shift' },
]

/** Starts an evaluation; its id. */
export async function startEvaluation({ api }, { modelId, sliceId }, options = {}) {
  const input = {
    ...{ sliceId, protocol: 'counterfact-reduced', arms: cheapArms(modelId), seed: 7 },
    ...{ casesPerBatch: 10, threads: 1, generation: false, provider: 'CPU', ...options },
  }
  const { startEvaluation: started } = await graphql(
    api.url,
    `
      mutation ($input: StartEvaluationInput!) {
        startEvaluation(input: $input) {
          evaluation {
            id
          }
          errors {
            message
            field
          }
        }
      }
    `,
    { input },
  )
  if (started.errors.length > 0) throw new Error(started.errors.map((e) => e.message).join('; '))
  return started.evaluation.id
}

/** State and counts from the rows themselves. */
export async function look(url, id) {
  const [found] = await query(
    url,
    `SELECT "state"::text AS "state", "error",
      (SELECT count(*)::int FROM "case_result" WHERE "evaluation_id" = $1) AS "rows",
      (SELECT count(*)::int FROM "case_result" WHERE "evaluation_id" = $1 AND "kind" = 'FAILURE') AS "failed"
     FROM "evaluation" WHERE "id" = $1`,
    [id],
  )
  return found
}

/** Waits for the end, also while the database is away; the last look. */
export function waitForEnd(url, id, milliseconds = 1_800_000) {
  const ended = async () => {
    const found = await look(url, id).catch(() => null)
    await new Promise((resolve) => setTimeout(resolve, 250))
    return found !== null && finalStates.includes(found.state) ? found : null
  }
  return until(ended, 'the evaluation ends', milliseconds)
}

/** Whether some worker is computing a batch now: its lease is fresh. */
export async function isComputing(url, id) {
  const rows = await query(
    url,
    `SELECT "lease_owner" AS "owner" FROM "evaluation_batch"
     WHERE "evaluation_id" = $1 AND "state" = 'RUNNING' AND "lease_until" > clock_timestamp()`,
    [id],
  )
  return rows.map(({ owner }) => owner)
}

/**
 * Rows of each arm, distinct cases, and digests of everything that was measured: metrics before and after, prompts and the
 * engine's raw records. What an edit took, who computed it and when is left out.
 */
export async function fingerprint(url, id) {
  const rows = await query(
    url,
    `SELECT a."name", r."place", r."kind"::text AS "kind", r."case_id", r."metrics"::text AS "metrics",
      r."before"::text AS "before", r."prompts"::text AS "prompts", r."record"::text AS "record"
     FROM "case_result" r JOIN "evaluation_arm" a ON a."id" = r."arm_id"
     WHERE r."evaluation_id" = $1 ORDER BY a."place", r."place"`,
    [id],
  )
  const arms = {}
  for (const { name, ...row } of rows) {
    arms[name] ??= { rows: 0, cases: new Set(), all: createHash('sha256'), columns: {} }
    const arm = arms[name]
    arm.rows += 1
    arm.cases.add(row.case_id)
    arm.all.update(`${Object.values(row).join(' ')}\n`)
    for (const [column, value] of Object.entries(row)) {
      arm.columns[column] ??= createHash('sha256')
      arm.columns[column].update(`${row.place} ${value}\n`)
    }
  }
  return Object.fromEntries(Object.entries(arms).map(([name, arm]) => [name, digestsOf(arm)]))
}

const digestsOf = ({ rows, cases, all, columns }) => ({
  rows,
  cases: cases.size,
  all: all.digest('hex'),
  columns: Object.fromEntries(
    Object.entries(columns).map(([column, hash]) => [column, hash.digest('hex')]),
  ),
})

/** Where two fingerprints differ, as "arm: columns"; empty when they are the same. */
export function differencesOf(found, golden) {
  return Object.entries(golden).flatMap(([name, { all, columns }]) => {
    if (found[name]?.all === all) return []
    const differing = Object.keys(columns).filter(
      (column) => found[name]?.columns[column] !== columns[column],
    )
    return [`${name}: ${differing.join(', ')}`]
  })
}

/** Batches that were computed but not stored: every lease that ended without its rows. */
export async function rework(url, id) {
  const [{ lost, most }] = await query(
    url,
    `SELECT coalesce(sum("lease_epoch" - 1), 0)::int AS "lost", coalesce(max("lease_epoch" - 1), 0)::int AS "most"
     FROM "evaluation_batch" WHERE "evaluation_id" = $1`,
    [id],
  )
  return { lost, most }
}

/** The product's own statistics of an evaluation, as the comparison page gets them. */
export async function aggregate({ api }, id) {
  const { comparison } = await graphql(
    api.url,
    `
      query ($input: ComparisonInput!) {
        comparison(input: $input) {
          arms {
            name
            n
            missing
            failed
          }
          estimates {
            metric
            mean
            low
            high
            n
            sd
          }
          before {
            metric
            mean
            n
          }
          differences {
            metric
            difference
            low
            high
            n
            p
            adjustedP
          }
        }
      }
    `,
    { input: { evaluationIds: [id] } },
  )
  return createHash('sha256').update(JSON.stringify(comparison)).digest('hex')
}
