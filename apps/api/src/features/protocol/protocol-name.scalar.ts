// The scalar of protocol names. Any short text passes: the service refuses unknown names with a cure, as data.
import { GraphQLError, GraphQLScalarType, Kind } from 'graphql'
import { protocolNames } from '../../engine/protocol-library.js'

function readName(value: unknown): string {
  if (typeof value === 'string' && value.length <= 200) return value
  throw new GraphQLError(`A protocol is named by a text: ${protocolNames.join(', ')}.`, {
    extensions: { code: 'BAD_USER_INPUT' },
  })
}

export const ProtocolNameScalar = new GraphQLScalarType<string, string>({
  name: 'ProtocolName',
  description: `How edits are measured, by the name it has on the command line: ${protocolNames.join(', ')}.`,
  serialize: (value) => String(value),
  parseValue: readName,
  parseLiteral: (node) => readName(node.kind === Kind.STRING ? node.value : null),
})
