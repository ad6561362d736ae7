// What a server is made of.
import type { GraphQLSchema } from 'graphql'
import type { Database } from './database/index.js'
import type { Environment } from './env.js'
import type { Logger } from './logger.js'
import type { Services } from './services.js'

export interface ApiServerParts {
  readonly schema: GraphQLSchema
  readonly services: Services
  readonly database: Database
  readonly environment: Environment
  readonly logger: Logger
}
