// Workers in words: how long they live, what they do, and how much waits for them.
import type { WorkersQuery } from '../../graphql/generated/graphql'

export type WorkersReport = WorkersQuery['workers']
export type WorkerItem = WorkersReport['workers'][number]

const QUEUES: ReadonlyArray<
  readonly [keyof Omit<WorkersReport['queue'], '__typename'>, string, string]
> = [
  ['runs', 'lens runs', 'Questions of the lens'],
  ['edits', 'edits', 'Edits, previews and measurements'],
  ['batches', 'batches', 'Batches of cases of evaluations'],
  ['slices', 'slices', 'Slices that ask a model what it knows'],
  ['figures', 'figures', 'Figures over many prompts'],
  ['imports', 'imports', 'Models and data sets on their way in'],
]

export interface QueueLine {
  readonly name: string
  readonly label: string
  readonly meaning: string
  readonly count: number
}

export const queueLines = (queue: WorkersReport['queue']): readonly QueueLine[] =>
  QUEUES.map(([name, label, meaning]) => ({ name, label, meaning, count: queue[name] }))

/** Alive first, then by machine and process, so that rows keep their place. */
export const inOrder = (workers: readonly WorkerItem[]): readonly WorkerItem[] =>
  [...workers].sort(
    (a, b) =>
      Number(b.alive) - Number(a.alive) ||
      a.machine.localeCompare(b.machine) ||
      a.processId - b.processId,
  )

export interface WorkerTotals {
  readonly alive: number
  readonly machines: number
  readonly casesPerSecond: number
}

export function totalsOf(workers: readonly WorkerItem[]): WorkerTotals {
  const alive = workers.filter((worker) => worker.alive)
  return {
    alive: alive.length,
    machines: new Set(alive.map(({ machine }) => machine)).size,
    casesPerSecond: alive.reduce((sum, { casesPerSecond }) => sum + (casesPerSecond ?? 0), 0),
  }
}
