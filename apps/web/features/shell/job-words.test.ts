import { expect, it } from 'vitest'
import type { RunningJobsQuery } from '../../graphql/generated/graphql'
import { allJobs, jobsOf } from './job-words'

const none = { totalCount: 0, edges: [] }
const list = <T>(totalCount: number, node?: T) => ({ totalCount, edges: node ? [{ node }] : [] })
const jobs = (change: object) =>
  ({
    running: none,
    queued: none,
    editing: none,
    editsQueued: none,
    evaluating: none,
    evaluationsQueued: none,
    ...change,
  }) as unknown as RunningJobsQuery

const run = { id: 'r', promptText: 'The capital of France is a city that', stage: 'COMPUTING' }
const edit = {
  id: 'e',
  name: null,
  method: 'rome',
  requests: [{ subject: 'France', target: ' Berlin' }],
  task: { id: 't', stage: 'optimising', done: 5, total: 20 },
}
const evaluation = {
  id: 'v',
  name: 'All methods',
  progress: { state: 'RUNNING', done: 600, failed: 20, total: 1000, secondsLeft: 240 },
}

it('shows the longest work and counts all of it', () => {
  const all = jobs({
    running: list(1, run),
    editing: list(2, edit),
    editsQueued: list(3, edit),
    evaluating: list(1, evaluation),
  })
  expect(jobsOf(all)).toEqual({
    first: {
      href: '/evaluations/v',
      text: 'All methods: 620 of 1,000, 4 minutes left',
      done: 0.62,
    },
    total: 7,
  })
})

it('says what is known of an edit and of a run', () => {
  expect(jobsOf(jobs({ editing: list(1, edit) })).first).toEqual({
    href: '/edits/e',
    text: 'France: → Berlin (rome): optimising',
    done: 0.25,
  })
  expect(jobsOf(jobs({ queued: list(1, run) })).first?.text).toBe(
    'The capital of France is a …: computing',
  )
})

it('counts and shows edits that wait', () => {
  const waits = { ...edit, id: 'w', task: { ...edit.task, state: 'QUEUED', done: null } }
  const queued = jobs({ editsQueued: list(1, waits) })
  expect(jobsOf(queued)).toEqual({
    first: { href: '/edits/w', text: 'France: → Berlin (rome): queued', done: 0.04 },
    total: 1,
  })
  const both = jobs({ editing: list(1, edit), editsQueued: list(1, waits) })
  expect(allJobs(both).map(({ href }) => href)).toEqual(['/edits/e', '/edits/w'])
})

it('says nothing when nothing is done', () => {
  expect(jobsOf(jobs({}))).toEqual({ first: null, total: 0 })
})

it('tells a queued evaluation from a running one', () => {
  const queued = { ...evaluation, progress: { ...evaluation.progress, state: 'QUEUED', done: 0 } }
  expect(jobsOf(jobs({ evaluationsQueued: list(1, queued) })).first?.text).toBe(
    'All methods: queued',
  )
})
