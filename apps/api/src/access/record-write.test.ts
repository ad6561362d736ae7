import { GraphQLObjectType, GraphQLString } from 'graphql'
import type { GraphQLField, GraphQLResolveInfo } from 'graphql'
import { describe, expect, it } from 'vitest'
import type { RequestContext } from '../context.js'
import { nobody } from '../features/account/viewer.js'
import { buildImprintSchema } from '../schema.js'
import { isRecorded, recordWrite, unrecorded } from './record-write.js'

const mutations = Object.values(buildImprintSchema().getMutationType()?.getFields() ?? {})

describe('the audit log', () => {
  it.each(mutations.map((field) => [field.name, field] as const))('has %s', (name, field) => {
    expect(isRecorded(field)).toBe(!unrecorded.includes(name))
  })

  it('leaves out only operations that exist', () => {
    const names = mutations.map(({ name }) => name)
    expect(unrecorded.filter((name) => !names.includes(name))).toEqual([])
  })

  const id = '10000000-0000-0000-0000-000000000000'
  const cases = [
    ['a write that its service did not record', {}, { thing: { id }, errors: [] }, ['save']],
    ['nothing that failed', {}, { thing: null, errors: [{ code: 'X' }] }, []],
    ['nothing twice', { recorded: true }, { thing: { id }, errors: [] }, ['thing.save']],
    ['nothing of visitors', { visitor: true }, { thing: { id }, errors: [] }, []],
  ] as const
  it.each(cases)('has %s', async (_what, options, payload, expected) => {
    const events: string[] = []
    const viewer = {
      userId: 'visitor' in options ? nobody : id,
      projectId: id,
      writes: { recorded: 0 },
    }
    const recordEvent = async (by: typeof viewer, action: string): Promise<void> => {
      by.writes.recorded += 1
      events.push(action)
    }
    const resolve = async (): Promise<unknown> => {
      if ('recorded' in options) await recordEvent(viewer, 'thing.save')
      return payload
    }
    const type = new GraphQLObjectType({
      name: 'Mutation',
      fields: { save: { type: GraphQLString, resolve } },
    })
    const field = type.getFields()['save'] as GraphQLField<unknown, RequestContext>
    recordWrite(field)
    const context = { viewer, services: { accounts: { recordEvent } } }
    await field.resolve?.({}, {}, context as never, {} as GraphQLResolveInfo)
    expect(events).toEqual(expected)
  })
})
