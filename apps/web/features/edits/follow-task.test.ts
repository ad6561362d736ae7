import type { Client } from 'urql'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { complaintOf } from './complaint'
import { askTask, type TaskProgress } from './follow-task'

const taskIn = (state: TaskProgress['state'], error: TaskProgress['error'] = null) =>
  ({ id: 't', state, error }) as TaskProgress

type Listener = (result: { data?: { editTaskProgress: TaskProgress } }) => void

function fakeClient() {
  const listeners: Listener[] = []
  const unsubscribe = vi.fn()
  const subscription = () => ({
    subscribe: (listener: Listener) => {
      listeners.push(listener)
      return { unsubscribe }
    },
  })
  const say = (task: TaskProgress) =>
    listeners.forEach((listener) => listener({ data: { editTaskProgress: task } }))
  return { client: { subscription } as unknown as Client, say, unsubscribe }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const started = (task: TaskProgress | null) => () => Promise.resolve({ data: { task, errors: [] } })

describe('asking the engine', () => {
  it('waits for the end and reads the answer then', async () => {
    const { client, say, unsubscribe } = fakeClient()
    const seen: string[] = []
    const asked = askTask(
      client,
      started(taskIn('QUEUED')),
      () => Promise.resolve(taskIn('DONE')),
      ({ state }) => seen.push(state),
    )
    await vi.advanceTimersByTimeAsync(0)
    say(taskIn('RUNNING'))
    say(taskIn('DONE'))
    expect(await asked).toMatchObject({ kind: 'ended', task: { state: 'DONE' } })
    expect(seen).toEqual(['QUEUED', 'RUNNING', 'DONE'])
    expect(unsubscribe).toHaveBeenCalledOnce()
  })

  it('finds the end by itself when the subscription says nothing', async () => {
    const { client } = fakeClient()
    const states: TaskProgress['state'][] = ['RUNNING', 'FAILED']
    const error = { message: 'NaN', cure: 'Lower it.', code: 'NOT_FINITE' } as TaskProgress['error']
    const read = () => Promise.resolve(taskIn(states.shift() ?? 'FAILED', error))
    const asked = askTask(client, started(taskIn('QUEUED')), read, () => undefined)
    await vi.advanceTimersByTimeAsync(6000)
    expect(await asked).toEqual({ kind: 'refused', complaint: error })
  })

  it('says what is gone and what was refused', async () => {
    const { client } = fakeClient()
    const gone = askTask(
      client,
      started(taskIn('QUEUED')),
      () => Promise.resolve(null),
      () => undefined,
    )
    await vi.advanceTimersByTimeAsync(3000)
    expect(await gone).toMatchObject({ kind: 'refused' })
    const errors = [{ message: 'no', field: 'requests.0.prompt' }]
    const refused = askTask(
      client,
      () => Promise.resolve({ data: { task: null, errors } }),
      () => Promise.resolve(null),
      () => undefined,
    )
    expect(await refused).toEqual({ kind: 'refused', complaint: errors[0] })
  })
})

describe('a complaint', () => {
  it('comes from the payload, the server or the connection', () => {
    expect(complaintOf(undefined, [])).toBeNull()
    expect(complaintOf(undefined, [{ message: 'a' }])?.message).toBe('a')
    const extensions = { cure: 'c', code: 'X' }
    const failure = { graphQLErrors: [{ message: 'b', extensions }] }
    expect(complaintOf(failure, undefined)).toEqual({ message: 'b', cure: 'c', code: 'X' })
    const lost = { networkError: new Error('x'), graphQLErrors: [] }
    expect(complaintOf(lost, undefined)?.message).toContain('does not answer')
  })
})
