// Pieces of text -> the texts of top-level JSON objects, strict about what stands between them.
import { LensEngineError } from '../errors.js'

type Place = 'start' | 'first' | 'record' | 'after' | 'next' | 'between' | 'done'

const codes = {
  quote: 0x22,
  comma: 0x2c,
  openArray: 0x5b,
  backslash: 0x5c,
  closeArray: 0x5d,
  openObject: 0x7b,
  closeObject: 0x7d,
  lineFeed: 0x0a,
} as const

/**
 * Finds where records begin and end by nesting and quotes alone; each record is then checked by JSON.parse.
 * An array has commas between its records and nothing after its end; without the opening bracket the file is JSON lines.
 */
export class RecordSplitter {
  /** Line of the last character read, from 1. */
  line = 1
  private place: Place = 'start'
  private depth = 0
  private quoted = false
  private escaped = false
  private record = ''
  private found = 0
  private brokeLine = true
  private inArray = false

  constructor(
    private readonly file: string,
    private readonly longestRecord: number,
  ) {}

  /** Records that end in this piece. */
  *push(text: string): Generator<string> {
    let start = 0
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index)
      if (code === codes.lineFeed) this.line++
      if (this.place !== 'record') {
        if (this.between(code)) start = index
        continue
      }
      if (!this.within(code)) continue
      yield this.take(text.slice(start, index + 1))
    }
    if (this.place === 'record') this.keep(text.slice(start))
  }

  /** Call after the last piece; throws when the file is not complete. */
  end(): void {
    const complete = this.place === 'done' || this.place === 'between'
    if (!complete)
      throw this.error(this.place === 'start' ? 'the file is empty' : 'the file is cut off')
  }

  error(what: string): LensEngineError {
    const record = this.found + 1
    return new LensEngineError(
      'DATASET_INVALID',
      `${this.file}, line ${this.line}, record ${record}: ${what}`,
      {
        details: { file: this.file, line: this.line, record },
        cure: 'Download the file again; it has to be a JSON array of objects, or one JSON object a line.',
      },
    )
  }

  /** One character outside records; true where a record begins. */
  private between(code: number): boolean {
    if (code === codes.lineFeed) this.brokeLine = true
    if (code === 0x20 || code === 0x09 || code === 0x0d || code === codes.lineFeed) return false
    const at = this.place
    if (at === 'start' && code === codes.openArray) this.place = 'first'
    else if (at === 'after' && code === codes.comma) this.place = 'next'
    else if ((at === 'first' || at === 'after') && code === codes.closeArray) this.place = 'done'
    else if (code === codes.openObject && this.beginsHere(at)) return this.begin(at)
    else throw this.error(`unexpected "${String.fromCharCode(code)}"`)
    return false
  }

  private beginsHere(at: Place): boolean {
    return at === 'start' || at === 'first' || at === 'next' || (at === 'between' && this.brokeLine)
  }

  private begin(at: Place): boolean {
    this.inArray = at === 'first' || at === 'next'
    this.place = 'record'
    this.depth = 1
    return true
  }

  /** One character of a record; true where it ends. The opening brace was counted by `begin`. */
  private within(code: number): boolean {
    if (this.quoted) {
      if (this.escaped) this.escaped = false
      else if (code === codes.backslash) this.escaped = true
      else if (code === codes.quote) this.quoted = false
      return false
    }
    if (code === codes.quote) this.quoted = true
    else if (code === codes.openObject || code === codes.openArray) this.depth++
    else if (code === codes.closeObject || code === codes.closeArray) return --this.depth === 0
    return false
  }

  private take(rest: string): string {
    this.keep(rest)
    const record = this.record
    this.record = ''
    this.found++
    this.brokeLine = false
    this.place = this.inArray ? 'after' : 'between'
    return record
  }

  private keep(text: string): void {
    if (this.record.length + text.length > this.longestRecord) {
      throw this.error(`longer than ${this.longestRecord} characters`)
    }
    this.record += text
  }
}
