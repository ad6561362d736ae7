// Keeps what was used last, up to a weight; a promise that fails is forgotten.
export class RecentlyUsed<Value> {
  readonly #capacity: number
  readonly #entries = new Map<string, { value: Value; weight: number }>()
  #weight = 0

  /** @param capacity sum of the weights that are kept; an entry weighs 1 unless `weigh` says more */
  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get(key: string): Value | undefined {
    const found = this.#entries.get(key)
    if (found === undefined) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, found)
    return found.value
  }

  set(key: string, value: Value, weight = 1): void {
    this.delete(key)
    this.#entries.set(key, { value, weight })
    this.#weight += weight
    this.#shrink(key)
  }

  /** What is kept, or what `make` gives, which is kept. */
  remember(this: RecentlyUsed<Value>, key: string, make: () => Value): Value {
    const found = this.get(key)
    if (found !== undefined) return found
    const made = make()
    this.set(key, made)
    if (made instanceof Promise) made.catch(() => this.delete(key))
    return made
  }

  weigh(key: string, weight: number): void {
    const found = this.#entries.get(key)
    if (found === undefined) return
    this.#weight += weight - found.weight
    found.weight = weight
    this.#shrink(key)
  }

  delete(key: string): void {
    this.#weight -= this.#entries.get(key)?.weight ?? 0
    this.#entries.delete(key)
  }

  /** The newest stays, however much it weighs. */
  #shrink(newest: string): void {
    for (const key of this.#entries.keys()) {
      if (this.#weight <= this.#capacity) return
      if (key !== newest) this.delete(key)
    }
  }
}
