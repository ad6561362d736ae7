// The roles of a team as GraphQL and PostgreSQL name them; what they may do is in access/roles.ts.
import { defineNamedValues } from './named-values.js'

export const roleNames = defineNamedValues('Role', 'What somebody is in a team.', {
  VIEWER: { engine: 'viewer', description: 'Reads everything.' },
  ANNOTATOR: { engine: 'annotator', description: 'Also writes notes and comments.' },
  RESEARCHER: { engine: 'researcher', description: 'Also computes and reviews.' },
  ADMIN: { engine: 'admin', description: 'Also looks after people and projects.' },
} as const)
export type RoleKey = keyof typeof roleNames.values
