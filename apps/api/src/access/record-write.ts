// Every mutation that worked is in the audit log: those whose service did not record it are recorded here.
import { defaultFieldResolver } from 'graphql'
import type { GraphQLField } from 'graphql'
import type { RequestContext } from '../context.js'
import { nobody } from '../features/account/viewer.js'
import { namesOf } from './refuse-names.js'

type Field = GraphQLField<unknown, RequestContext>
type Values = Readonly<Record<string, unknown>>

/** Without a change of the data these need no entry. */
export const unrecorded: readonly string[] = ['readInbox', 'previewEdit', 'tryEdits', 'diffEdits']

const watched = new WeakSet<object>()

/** Whether what a mutation writes is in the audit log. */
export const isRecorded = (field: object): boolean => watched.has(field)

export function recordWrite(field: Field): void {
  if (unrecorded.includes(field.name)) return
  watched.add(field)
  const { resolve = defaultFieldResolver } = field
  field.resolve = async (source, values, context, info) => {
    const { viewer, services } = context
    // Asked again under the same name, it has its entry already.
    if (viewer.writes) viewer.writes.request = namesOf(values)[0] ?? null
    const before = viewer.writes?.recorded
    const payload: unknown = await resolve(source, values, context, info)
    const silent = viewer.writes?.recorded === before
    const known = viewer.userId !== nobody && viewer.projectId !== nobody
    if (silent && known && worked(payload))
      await services.accounts.recordEvent(viewer, field.name, subjectOf(values, payload))
    return payload
  }
}

const isRecord = (value: unknown): value is Values => typeof value === 'object' && value !== null

const worked = (payload: unknown): boolean =>
  isRecord(payload) && Array.isArray(payload['errors']) && payload['errors'].length === 0

/** Id of what was written: the payload's, else the argument's. */
function subjectOf(values: Values, payload: unknown): string {
  const places = [
    ...(isRecord(payload) ? Object.values(payload) : []),
    values,
    ...Object.values(values),
  ].filter(isRecord)
  const found = places.map((place) => place['id']).find((id) => typeof id === 'string')
  return typeof found === 'string' ? found : ''
}
