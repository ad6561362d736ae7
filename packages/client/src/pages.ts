// A cursor list -> its nodes one by one; the next page is asked for when it is needed.

export interface Page<Node> {
  readonly totalCount: number
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null }
  readonly edges: readonly { readonly node: Node }[]
}

export interface PageVariables {
  readonly first: number
  readonly after: string | null
}

/** Iterate it with `for await`, or take what you need. */
export interface NodeList<Node> extends AsyncIterable<Node> {
  /** The first so many; all when absent. */
  take(count?: number): Promise<Node[]>
  /** How many there are in the whole list. */
  count(): Promise<number>
}

const usualPage = 50

export function listOf<Node>(
  ask: (variables: PageVariables) => Promise<Page<Node>>,
): NodeList<Node> {
  async function* nodes(pageSize: number): AsyncGenerator<Node> {
    let after: string | null = null
    for (;;) {
      const { edges, pageInfo }: Page<Node> = await ask({ first: pageSize, after })
      for (const { node } of edges) yield node
      after = pageInfo.endCursor ?? null
      if (!pageInfo.hasNextPage || after === null) return
    }
  }
  return {
    [Symbol.asyncIterator]: () => nodes(usualPage),
    count: async () => (await ask({ first: 1, after: null })).totalCount,
    take: async (count = Infinity) => {
      const found: Node[] = []
      if (count <= 0) return found
      for await (const node of nodes(Math.min(usualPage, count))) {
        found.push(node)
        if (found.length >= count) break
      }
      return found
    },
  }
}
