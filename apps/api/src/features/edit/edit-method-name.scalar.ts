// The scalar of method names. Any short text passes: the service refuses unknown names with a cure, as data.
import { GraphQLError, GraphQLScalarType, Kind } from 'graphql'
import { editMethodNames } from '../../engine/engine-vocabulary.js'

function readName(value: unknown): string {
  if (typeof value === 'string' && value.length <= 200) return value
  throw new GraphQLError(`A method is named by a text: ${editMethodNames.join(', ')}.`, {
    extensions: { code: 'BAD_USER_INPUT' },
  })
}

export const EditMethodNameScalar = new GraphQLScalarType<string, string>({
  name: 'EditMethodName',
  description: `An edit method, by the name it has on the command line: ${editMethodNames.join(', ')}.`,
  serialize: (value) => String(value),
  parseValue: readName,
  parseLiteral: (node) => readName(node.kind === Kind.STRING ? node.value : null),
})
