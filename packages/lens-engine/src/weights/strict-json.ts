// A strict JSON reader for untrusted headers: refuses duplicate keys, keeps `__proto__` a plain key, and never rounds an integer.

/** A parsed value. Numbers stay as written, so that the caller decides which it accepts. */
export type StrictJson =
  string | boolean | null | JsonNumber | readonly StrictJson[] | StrictJsonObject
export type StrictJsonObject = ReadonlyMap<string, StrictJson>

/** A number as its source text. */
export interface JsonNumber {
  readonly lexeme: string
}

/** Why a text is not the JSON we accept, and where. */
export class StrictJsonError extends Error {
  constructor(
    readonly reason: 'NOT_JSON' | 'DUPLICATE_KEY' | 'TOO_DEEP',
    message: string,
    /** UTF-16 offset in the text. */
    readonly position: number,
  ) {
    super(message)
  }
}

const maximumDepth = 32
const numberPattern = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
const words = [
  ['true', true],
  ['false', false],
  ['null', null],
] as const
const whitespace = new Set([0x20, 0x09, 0x0a, 0x0d])
const escapePattern = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y

/**
 * Parses one JSON text (RFC 8259).
 * @throws StrictJsonError for bad syntax, for a key that occurs twice in one object, and beyond 32 levels of nesting
 */
export function parseStrictJson(text: string): StrictJson {
  return new JsonReader(text).wholeText()
}

class JsonReader {
  private position = 0

  constructor(private readonly text: string) {}

  wholeText(): StrictJson {
    const value = this.item(0)
    if (this.position < this.text.length) this.fail('text after the value')
    return value
  }

  /** One value with the white space around it. */
  private item(depth: number): StrictJson {
    this.skipWhitespace()
    const value = this.value(depth)
    this.skipWhitespace()
    return value
  }

  private value(depth: number): StrictJson {
    if (depth > maximumDepth)
      throw new StrictJsonError(
        'TOO_DEEP',
        `more than ${maximumDepth} levels of nesting`,
        this.position,
      )
    if (this.take('{')) return this.object(depth)
    if (this.take('[')) return this.array(depth)
    if (this.text[this.position] === '"') return this.string()
    const lexeme = this.match(numberPattern)
    return lexeme === null ? this.word() : { lexeme }
  }

  private object(depth: number): StrictJsonObject {
    const entries = new Map<string, StrictJson>()
    this.skipWhitespace()
    if (this.take('}')) return entries
    do {
      this.skipWhitespace()
      const start = this.position
      const key = this.string()
      if (entries.has(key))
        throw new StrictJsonError(
          'DUPLICATE_KEY',
          `the key ${JSON.stringify(key)} occurs twice`,
          start,
        )
      this.skipWhitespace()
      if (!this.take(':')) this.fail('expected ":"')
      entries.set(key, this.item(depth + 1))
    } while (this.take(','))
    if (!this.take('}')) this.fail('expected "," or "}"')
    return entries
  }

  private array(depth: number): readonly StrictJson[] {
    const items: StrictJson[] = []
    this.skipWhitespace()
    if (this.take(']')) return items
    do items.push(this.item(depth + 1))
    while (this.take(','))
    if (!this.take(']')) this.fail('expected "," or "]"')
    return items
  }

  // A loop, not one pattern: a pattern's backtracking stack overflows on strings of many megabytes.
  private string(): string {
    const start = this.position
    if (!this.take('"')) this.fail('expected a string')
    for (;;) {
      const code = this.text.charCodeAt(this.position)
      if (code === 0x22) break
      if (code >= 0x20 && code !== 0x5c) this.position++
      else if (code !== 0x5c) this.fail('a control character in a string, or no end of it')
      else if (this.match(escapePattern) === null) this.fail('a bad escape')
    }
    this.position++
    const source = this.text.slice(start, this.position)
    return source.includes('\\') ? (JSON.parse(source) as string) : source.slice(1, -1)
  }

  private word(): boolean | null {
    for (const [name, meaning] of words) {
      if (!this.text.startsWith(name, this.position)) continue
      this.position += name.length
      return meaning
    }
    return this.fail('expected a value')
  }

  private take(character: string): boolean {
    if (this.text[this.position] !== character) return false
    this.position++
    return true
  }

  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.position
    const found = pattern.exec(this.text)?.[0] ?? null
    this.position += found?.length ?? 0
    return found
  }

  private skipWhitespace(): void {
    while (whitespace.has(this.text.charCodeAt(this.position))) this.position++
  }

  private fail(message: string): never {
    throw new StrictJsonError('NOT_JSON', `${message} at character ${this.position}`, this.position)
  }
}

/** Whether a value is an object (a Map here). */
export function isJsonObject(value: StrictJson | undefined): value is StrictJsonObject {
  return value instanceof Map
}

/** The value as a bigint when it is written as a non-negative integer of at most 20 digits; otherwise null. */
export function toUnsignedInteger(value: StrictJson | undefined): bigint | null {
  if (typeof value !== 'object' || value === null || !('lexeme' in value)) return null
  return /^(0|[1-9][0-9]{0,19})$/.test(value.lexeme) ? BigInt(value.lexeme) : null
}
