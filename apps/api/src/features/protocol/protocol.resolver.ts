// Queries of protocols and published tables.
import { Arg, Query, Resolver } from 'type-graphql'
import { ProtocolNameScalar } from './protocol-name.scalar.js'
import { allProtocols, publishedTablesOf } from './protocol-values.js'
import { ProtocolInfo, PublishedTable } from './protocol.type.js'

@Resolver(() => ProtocolInfo)
export class ProtocolResolver {
  @Query(() => [ProtocolInfo], { description: 'How edits can be measured.' })
  protocols(): ProtocolInfo[] {
    return allProtocols()
  }

  @Query(() => [PublishedTable], { description: 'Tables of papers, as reference.' })
  publishedTables(
    @Arg('protocol', () => ProtocolNameScalar, {
      nullable: true,
      description: 'Of this protocol; all when absent.',
    })
    protocol: string | null,
  ): PublishedTable[] {
    return publishedTablesOf(protocol)
  }
}
