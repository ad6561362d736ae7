// The whole question of a new evaluation <-> the address.
import type { ProviderChoice } from '../../../graphql/generated/graphql'
import { deviceOfSlug, deviceSlug } from '../../devices/device-facts'
import type { MethodGroup } from './arms'

export interface WizardView {
  /** The evaluation this one is a changed copy of. */
  readonly from: string | null
  /** null: what is sensible, which the page finds out. */
  readonly models: readonly string[] | null
  readonly groups: readonly MethodGroup[] | null
  readonly sliceId: string | null
  readonly protocol: string | null
  /** As typed; empty takes the whole slice. */
  readonly cases: string
  readonly seed: string
  readonly divergence: boolean
  readonly texts: boolean
  readonly provider: ProviderChoice
  /** As typed; empty leaves it to the worker. */
  readonly threads: string
  readonly casesPerBatch: string
  readonly priority: number
  readonly name: string
  readonly note: string
  readonly preset: string | null
}

export const EMPTY_WIZARD: WizardView = {
  from: null,
  models: null,
  groups: null,
  sliceId: null,
  protocol: null,
  cases: '100',
  seed: '0',
  divergence: true,
  texts: false,
  provider: 'AUTO',
  threads: '',
  casesPerBatch: '',
  priority: 0,
  name: '',
  note: '',
  preset: null,
}

export const PRIORITIES: ReadonlyArray<readonly [value: number, label: string]> = [
  [10, 'high'],
  [0, 'normal'],
  [-10, 'low'],
]

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** `rome` or `rome~{"with":{…},"name":"…"}`; what cannot be read is left out. */
function parseGroup(text: string): MethodGroup | null {
  const cut = text.indexOf('~')
  const method = cut === -1 ? text : text.slice(0, cut)
  if (method === '') return null
  if (cut === -1) return { method, values: {} }
  try {
    const value: unknown = JSON.parse(text.slice(cut + 1))
    if (!isRecord(value)) return { method, values: {} }
    const values = isRecord(value.with) ? value.with : {}
    return {
      method,
      values,
      ...(typeof value.name === 'string' && { name: value.name }),
      ...(typeof value.model === 'string' && { model: value.model }),
    }
  } catch {
    return { method, values: {} }
  }
}

function formatGroup({ method, values, name, model }: MethodGroup): string {
  const more = {
    ...(Object.keys(values).length > 0 && { with: values }),
    ...(name !== undefined && { name }),
    ...(model !== undefined && { model }),
  }
  return Object.keys(more).length > 0 ? `${method}~${JSON.stringify(more)}` : method
}

const several = (found: readonly string[]): readonly string[] | null =>
  found.length > 0 ? [...new Set(found.filter(Boolean))] : null

function parsePriority(text: string | null): number {
  const value = Number(text ?? '0')
  return Number.isSafeInteger(value) ? Math.max(-100, Math.min(100, value)) : 0
}

/** `method=rome` is the short form for people and links; `arm` holds settings too. */
function parseGroups(query: URLSearchParams): readonly MethodGroup[] | null {
  if (!query.has('arm') && !query.has('method')) return null
  const named = query.getAll('method').filter(Boolean)
  return [
    ...named.map((method) => ({ method, values: {} })),
    ...query.getAll('arm').flatMap((text) => parseGroup(text) ?? []),
  ]
}

export function parseWizard(query: URLSearchParams): WizardView {
  return {
    from: query.get('from'),
    models: several(query.getAll('model')),
    groups: parseGroups(query),
    sliceId: query.get('slice'),
    protocol: query.get('protocol'),
    cases: query.get('cases') ?? EMPTY_WIZARD.cases,
    seed: query.get('seed') ?? EMPTY_WIZARD.seed,
    divergence: query.get('divergence') !== 'no',
    texts: query.get('texts') === 'yes',
    provider: deviceOfSlug(query.get('device')) ?? 'AUTO',
    threads: query.get('threads') ?? '',
    casesPerBatch: query.get('batch') ?? '',
    priority: parsePriority(query.get('priority')),
    name: query.get('name') ?? '',
    note: query.get('note') ?? '',
    preset: query.get('preset'),
  }
}

/** Names in the address of what is a plain text; left out where it is as in `EMPTY_WIZARD`. */
const TEXTS = {
  from: 'from',
  sliceId: 'slice',
  protocol: 'protocol',
  cases: 'cases',
  seed: 'seed',
  threads: 'threads',
  casesPerBatch: 'batch',
  name: 'name',
  note: 'note',
  preset: 'preset',
} as const satisfies Partial<Record<keyof WizardView, string>>

export function formatWizard(view: WizardView): string {
  const query = new URLSearchParams()
  view.models?.forEach((id) => query.append('model', id))
  // An empty choice is a choice: it must not become the default again.
  if (view.groups?.length === 0) query.append('arm', '')
  view.groups?.forEach((group) => query.append('arm', formatGroup(group)))
  for (const [key, name] of Object.entries(TEXTS) as [keyof typeof TEXTS, string][]) {
    const value = view[key]
    if (value !== null && value !== EMPTY_WIZARD[key]) query.set(name, value)
  }
  if (!view.divergence) query.set('divergence', 'no')
  if (view.texts) query.set('texts', 'yes')
  if (view.provider !== 'AUTO') query.set('device', deviceSlug(view.provider))
  if (view.priority !== 0) query.set('priority', String(view.priority))
  return query.toString()
}

/** Whether the address says more than what to copy: then it was changed since and is not filled again. */
export const isFilled = (view: WizardView): boolean =>
  view.groups !== null || view.models !== null || view.sliceId !== null

export const wizardAddress = (view: Partial<WizardView>): string =>
  `/evaluations/new?${formatWizard({ ...EMPTY_WIZARD, ...view })}`
