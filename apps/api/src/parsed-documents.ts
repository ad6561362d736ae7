// Operations that were asked -> their syntax trees, so that none is parsed and checked twice; a stranger's many texts push out
// each other instead of filling the memory.
import type { ApolloServerOptions, BaseContext } from '@apollo/server'
import type { DocumentNode } from 'graphql'
import { RecentlyUsed } from './statistics/recently-used.js'

type DocumentStore = NonNullable<ApolloServerOptions<BaseContext>['documentStore']>

/** Characters of source text; a tree takes some twenty times as many bytes. All documents of the pages have about a third. */
const capacity = 500_000
/** Of a tree that does not know its source. */
const usualLength = 2_000

export function createDocumentStore(): DocumentStore {
  const kept = new RecentlyUsed<DocumentNode>(capacity)
  return {
    get: async (key) => kept.get(key),
    set: async (key, document) =>
      kept.set(key, document, document.loc?.source.body.length ?? usualLength),
    delete: async (key) => kept.delete(key),
  }
}
