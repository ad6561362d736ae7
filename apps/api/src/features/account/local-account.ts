// Names of the rows that a fresh server begins with; the owner takes them over.
export const local = { user: 'local', team: 'local', project: 'default' } as const
