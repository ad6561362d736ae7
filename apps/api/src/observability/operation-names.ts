// Names of GraphQL operations as labels of metrics: at most so many, since a caller may invent as many as it likes.

const mostNames = 200
const wellFormed = /^[_A-Za-z][_0-9A-Za-z]{0,63}$/

export class OperationNames {
  readonly #known = new Set<string>()

  /** The name itself while there is room for it; `other` afterwards, `unnamed` for none. Call it for valid operations only. */
  labelOf(name: string | null | undefined): string {
    if (name === null || name === undefined || name === '') return 'unnamed'
    if (this.#known.has(name)) return name
    if (this.#known.size >= mostNames || !wellFormed.test(name)) return 'other'
    this.#known.add(name)
    return name
  }
}
