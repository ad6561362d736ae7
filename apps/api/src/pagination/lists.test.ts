// Every list of the schema has pages, or a reason why it needs none: a new list must be decided on.
import { getNamedType, getNullableType, isListType, isObjectType } from 'graphql'
import type { GraphQLField } from 'graphql'
import { describe, expect, it } from 'vitest'
import { rowTypes } from '../access/narrow-links.js'
import { buildImprintSchema } from '../schema.js'

const schema = buildImprintSchema()
type Field = GraphQLField<unknown, unknown>

/** Lists without pages -> what bounds them. */
const short: Readonly<Record<string, string>> = {
  'Query.annotationTags': 'the tags of a project, each once',
  'Query.apiKeys': 'at most 200 of a person',
  'Query.caseDistributions': 'an arm each, of at most 10 evaluations',
  'Query.commentMarkers': 'a place each, of one thing',
  'Query.comments': 'what a page follows live: of the newest 1,000; commentThreads has pages',
  'Query.compareMethods': 'a metric each',
  'Query.editFacts': 'as many as asked, at most 100',
  'Query.editMethods': 'the methods there are',
  'Query.evaluationPresets': 'the presets there are',
  'Query.facts': 'as many as asked, at most 100',
  'Query.figureKinds': 'the figures there are',
  'Query.people': 'for mentions: the first of a team that match',
  'Query.promptTags': 'the tags of a project, each once',
  'Query.protocols': 'the protocols there are',
  'Query.publishedTables': 'the tables there are',
  'Query.suggestTags': 'at most 12',
  'CollectionItem.annotations': 'what is said about one neuron',
  'Comment.replies':
    'of one thread 10, or as many as asked, at most 100, after the one that is named',
  'EditStack.edits': 'the edits of one stack',
  'InterferenceMap.edits': 'the edits of one map',
  'LensRun.edits': 'the edits that one run was asked under',
  'Me.projects': 'the projects of a person',
  'Me.waysToSignIn': 'at most 100 of a person',
  'Team.invitations': 'open invitations of a team',
  'Team.members': 'the members of a team',
  'Team.projects': 'the projects of a team',
}

const fields = Object.values(schema.getTypeMap()).flatMap((type): [string, Field][] => {
  if (!isObjectType(type) || /^__|(Edge|Connection|Payload)$/.test(type.name)) return []
  return Object.values(type.getFields()).map((field) => [`${type.name}.${field.name}`, field])
})
const isRoot = (name: string): boolean => name.startsWith('Query.')
const isList = ([, { type }]: [string, Field]): boolean => isListType(getNullableType(type))
const lists = fields.filter((one) => {
  const [name, field] = one
  return isList(one) && (isRoot(name) || rowTypes.includes(getNamedType(field.type).name))
})
const connections = fields.filter(([, { type }]) => getNamedType(type).name.endsWith('Connection'))

describe('lists', () => {
  it('without pages are short, and for a reason', () => {
    expect(lists.map(([name]) => name).sort()).toEqual(Object.keys(short).sort())
  })

  it.each(connections)('%s is asked page by page', (name, { args }) => {
    const types = Object.fromEntries(args.map(({ name, type }) => [name, String(type)]))
    expect(types).toMatchObject({ first: expect.stringMatching(/^Int/), after: 'String' })
    const size = args.find((one) => one.name === 'first')?.defaultValue
    if (isRoot(name)) expect(size).toBeTypeOf('number')
  })

  it('are many', () => expect(connections.length).toBeGreaterThan(15))
})
