// The process's settings, read once from the environment and checked.
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { AllowedDirectories } from './engine/server-paths.js'
import { accountVariables, readAccountSettings } from './security/account-settings.js'
import type { AccountSettings } from './security/account-settings.js'

const repositoryRoot = fileURLToPath(new URL('../../../', import.meta.url))
const loopback = new Set(['127.0.0.1', '::1', 'localhost'])
/** Where CounterFact and its relatives are published. */
const publicDatasetHosts = 'rome.baulab.info, huggingface.co, .hf.co, raw.githubusercontent.com'
const port = (fallback: number) => z.coerce.number().int().min(0).max(65535).default(fallback)

const variables = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  IMPRINT_API_PORT: port(4000),
  IMPRINT_API_HOST: z.string().default('127.0.0.1'),
  IMPRINT_WEB_PORT: port(3000),
  IMPRINT_WEB_ORIGINS: z.string().default(''),
  IMPRINT_ALLOWED_HOSTS: z.string().default(''),
  IMPRINT_HOME: z.string().default(path.join(repositoryRoot, '.imprint')),
  IMPRINT_MODEL_DIRECTORIES: z.string().optional(),
  IMPRINT_DATASETS: z.string().default(path.join(repositoryRoot, 'datasets')),
  IMPRINT_DATASET_HOSTS: z.string().default(publicDatasetHosts),
  IMPRINT_UPLOAD_BYTES: z.coerce.number().int().positive().default(2_000_000_000),
  IMPRINT_VECTOR_CACHE_MB: z.coerce.number().positive().default(512),
  IMPRINT_PROVIDER: z.enum(['auto', 'cpu', 'webgpu', 'cuda']).default('auto'),
  IMPRINT_THREADS: z.coerce.number().int().positive().optional(),
  IMPRINT_LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info'),
  IMPRINT_INTROSPECTION: z.enum(['on', 'people', 'off']).default('people'),
  IMPRINT_METRICS_TOKEN: z.string().min(16).optional(),
  IMPRINT_METRICS_PORT: z.coerce.number().int().min(0).max(65535).optional(),
  IMPRINT_METRICS_HOST: z.string().default('127.0.0.1'),
  IMPRINT_LEASE_SECONDS: z.coerce.number().min(3).max(600).default(20),
  IMPRINT_REQUESTS: z.coerce.number().int().positive().default(300),
  IMPRINT_REQUESTS_PER_CLIENT: z.coerce.number().int().positive().default(200),
  IMPRINT_LONGEST_LAG: z.coerce.number().positive().default(500),
  IMPRINT_COST_PER_MINUTE: z.coerce.number().int().positive().default(1_000_000),
  IMPRINT_OPERATION_SECONDS: z.coerce.number().positive().default(10),
  IMPRINT_SOCKETS_PER_PERSON: z.coerce.number().int().min(1).max(1_000).default(20),
  ...accountVariables,
})

export interface Environment {
  readonly databaseUrl: string
  readonly apiPort: number
  readonly apiHost: string
  /** Origins whose pages may call the API from a browser. */
  readonly webOrigins: readonly string[]
  /** Host names under which the API may be reached; others could be a rebound DNS name. */
  readonly allowedHosts: readonly string[]
  readonly home: string
  /** Where models may be taken from when a page or a script names a path on this server. */
  readonly modelDirectories: AllowedDirectories
  readonly datasets: string
  /** Hosts that data sets may be fetched from (features/dataset/dataset-address.ts). */
  readonly datasetHosts: readonly string[]
  /** Most bytes of a file that is uploaded or fetched. */
  readonly uploadBytes: number
  readonly vectorCacheBytes: number
  readonly provider: 'auto' | 'cpu' | 'webgpu' | 'cuda'
  readonly threads: number | undefined
  readonly logLevel: string
  /** Who may ask the schema about itself: everyone, people with an account and keys, or keys alone. */
  readonly introspection: 'on' | 'people' | 'off'
  readonly metrics: MetricsSettings
  /** Seconds after which a worker that does not answer loses what it claimed; the same for all workers. */
  readonly leaseSeconds: number
  /** Requests that are served at once, of all and of one address; more are refused. */
  readonly requests: number
  readonly requestsPerClient: number
  /** Mean milliseconds by which the event loop may be late before new requests are refused. */
  readonly longestLag: number
  /** Points of cost that one person, key or address may spend in a minute (graphql-guard.ts counts them). */
  readonly costPerMinute: number
  /** Seconds after which an operation that does not end is answered with TIMEOUT. */
  readonly operationSeconds: number
  /** Sockets that one person, or one API key, may have open: a tab of the browser has one. */
  readonly socketsPerPerson: number
  readonly accountSettings: AccountSettings
}

export interface MetricsSettings {
  /** Who has it may read the metrics from anywhere; without one only this machine may. */
  readonly token: string | undefined
  /** Where a worker serves its metrics; nowhere when absent. */
  readonly port: number | undefined
  readonly host: string
}

const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean)

/**
 * The named directories, with ":" between them (";" on Windows), as in PATH. Unset, a server that only its own machine
 * can reach lets its one user name any directory, as the `lens` command does; any other server lets nobody.
 */
function allowedDirectories(text: string | undefined, apiHost: string): AllowedDirectories {
  if (text === undefined || text.trim() === '') return loopback.has(apiHost) ? 'any' : []
  return text
    .split(path.delimiter)
    .filter((word) => word.trim() !== '')
    .map((word) => path.resolve(word.trim()))
}

/** Reads the settings; a wrong one is named in the error. */
export function readEnvironment(source: NodeJS.ProcessEnv = process.env): Environment {
  const parsed = variables.safeParse(source)
  if (!parsed.success) throw new Error(`Wrong settings: ${z.prettifyError(parsed.error)}`)
  const values = parsed.data
  const webOrigins = ['localhost', '127.0.0.1', '[::1]'].map(
    (host) => `http://${host}:${values.IMPRINT_WEB_PORT}`,
  )
  return {
    databaseUrl: values.DATABASE_URL,
    apiPort: values.IMPRINT_API_PORT,
    apiHost: values.IMPRINT_API_HOST,
    webOrigins: [
      ...webOrigins,
      ...listOf(values.IMPRINT_WEB_ORIGINS),
      ...(values.IMPRINT_PUBLIC_ORIGIN === undefined ? [] : [values.IMPRINT_PUBLIC_ORIGIN]),
    ],
    allowedHosts: ['localhost', '127.0.0.1', '[::1]', ...listOf(values.IMPRINT_ALLOWED_HOSTS)],
    home: path.resolve(values.IMPRINT_HOME),
    modelDirectories: allowedDirectories(values.IMPRINT_MODEL_DIRECTORIES, values.IMPRINT_API_HOST),
    datasets: path.resolve(values.IMPRINT_DATASETS),
    datasetHosts: listOf(values.IMPRINT_DATASET_HOSTS),
    uploadBytes: values.IMPRINT_UPLOAD_BYTES,
    vectorCacheBytes: values.IMPRINT_VECTOR_CACHE_MB * 2 ** 20,
    provider: values.IMPRINT_PROVIDER,
    threads: values.IMPRINT_THREADS,
    logLevel: values.IMPRINT_LOG_LEVEL,
    introspection: values.IMPRINT_INTROSPECTION,
    metrics: {
      token: values.IMPRINT_METRICS_TOKEN,
      port: values.IMPRINT_METRICS_PORT,
      host: values.IMPRINT_METRICS_HOST,
    },
    leaseSeconds: values.IMPRINT_LEASE_SECONDS,
    requests: values.IMPRINT_REQUESTS,
    requestsPerClient: values.IMPRINT_REQUESTS_PER_CLIENT,
    longestLag: values.IMPRINT_LONGEST_LAG,
    costPerMinute: values.IMPRINT_COST_PER_MINUTE,
    operationSeconds: values.IMPRINT_OPERATION_SECONDS,
    socketsPerPerson: values.IMPRINT_SOCKETS_PER_PERSON,
    accountSettings: readAccountSettings(values, {
      home: path.resolve(values.IMPRINT_HOME),
      local: loopback.has(values.IMPRINT_API_HOST),
      webPort: values.IMPRINT_WEB_PORT,
    }),
  }
}
