// Whether a database's error is about the connection or the server, and so may be gone in a moment, or about what was asked.

/** SQLSTATE classes that no waiting cures: data, constraints, syntax. */
const lasting = /^(22|23|42)/
/** Classes of connections, resources, operators, and transactions that have to be tried again. */
const passing = /^(08|40|53|55|57|58)/
const connectionText =
  /connection|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|timeout exceeded|terminat|Can't reach database|starting up|shutting down/i

interface SqlError {
  readonly code?: unknown
  readonly message?: unknown
  readonly name?: unknown
  readonly meta?: {
    readonly driverAdapterError?: { readonly cause?: SqlError & { originalCode?: unknown } }
  }
}

/** True for errors of the database's client that waiting may cure; false for every other error. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error) || error.name === 'LensEngineError') return false
  const { code, message, meta, name } = error as SqlError
  const cause = meta?.driverAdapterError?.cause
  const states = [code, cause?.code, cause?.originalCode].filter(
    (one): one is string => typeof one === 'string',
  )
  if (states.some((state) => lasting.test(state))) return false
  if (states.some((state) => passing.test(state) || state.startsWith('ECONN'))) return true
  const ofDatabase = /prisma|driveradapter|^error$|aggregate/i.test(String(name))
  return ofDatabase && connectionText.test(String(message))
}
