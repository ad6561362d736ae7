// Who computes, what they do, what waits, and the command that starts one more.
import type { Trouble, Worker, WorkersReport } from './worker.type.js'
import type { WorkerReportRepository, WorkerRow } from './worker-report.repository.js'

export class WorkerService {
  readonly #rows: WorkerReportRepository
  readonly #databaseUrl: string

  constructor(rows: WorkerReportRepository, databaseUrl: string) {
    this.#rows = rows
    this.#databaseUrl = databaseUrl
  }

  async report(): Promise<WorkersReport> {
    const [workers, queue] = await Promise.all([this.#rows.workers(), this.#rows.queue()])
    return { workers: workers.map(toWorker), queue: { ...queue }, command: this.#command() }
  }

  #command(): string {
    return `DATABASE_URL='${withoutPassword(this.#databaseUrl)}' IMPRINT_HOME=~/.imprint npm run worker`
  }
}

function toWorker({ id, startedAt, seenAt, alive, devices, status }: WorkerRow): Worker {
  const [machine = '', processId = ''] = splitId(id)
  const trouble = alive ? (status?.trouble ?? null) : null
  return {
    ...{ id, startedAt, seenAt, alive, devices },
    machine: devices?.machine ?? machine,
    processId: status?.processId ?? Number(processId),
    device: devices?.auto.device ?? null,
    model: status?.model ?? null,
    doing: alive
      ? (status?.doing ?? (trouble ? 'resting: its engine does not start' : null))
      : null,
    evaluationId: alive ? (status?.evaluationId ?? null) : null,
    casesPerSecond: alive ? (status?.casesPerSecond ?? null) : null,
    residentBytes: status?.residentBytes ?? null,
    engineBytes: engineBytesOf(status),
    notes: notesOf(status),
    trouble,
  }
}

const splitId = (id: string): readonly string[] => /^(.*):(\d+):[^:]*$/.exec(id)?.slice(1) ?? []

function engineBytesOf(status: WorkerRow['status']): number | null {
  const known = (status?.engines ?? []).flatMap(({ residentBytes }) => residentBytes ?? [])
  return known.length === 0 ? null : known.reduce((sum, bytes) => sum + bytes, 0)
}

/** A worker without a model leaves its batches to others; a reader has to know why it stands idle. */
function notesOf(status: WorkerRow['status']): string[] {
  const trouble = status?.trouble ?? null
  const missing = (status?.missingModels ?? []).map(
    (name) =>
      `The model ${name} is not on this machine: evaluations of it are left to others. Add it there with "lens models add".`,
  )
  const large = (status?.largeModels ?? []).map(
    ({ name, message }) =>
      `The model ${name} does not fit here, MODEL_TOO_LARGE: evaluations of it are left to others for some minutes. ${message}.`,
  )
  return [...(trouble === null ? [] : [sayTrouble(trouble)]), ...large, ...missing]
}

const sayTrouble = ({ code, message, cure }: Trouble): string =>
  `It computes nothing, ${code}: ${message}. ${cure}`.replace('.. ', '. ')

/** Whoever may see the page need not see the password of the database. */
export function withoutPassword(url: string): string {
  const parsed = new URL(url)
  if (parsed.password !== '') parsed.password = 'PASSWORD'
  for (const name of ['password', 'sslpassword'])
    if (parsed.searchParams.has(name)) parsed.searchParams.set(name, 'PASSWORD')
  return parsed.toString()
}
