// Fields of one record, each checked; an error names file, record number, field, value and cure.
import { LensEngineError } from '../errors.js'

/** One record of a file. */
export interface RecordSource {
  readonly file: string
  /** From 1. */
  readonly number: number
  readonly value: Readonly<Record<string, unknown>>
}

/** `RECORD_INVALID` with everything needed to find the place. */
export function recordError(
  { file, number }: Pick<RecordSource, 'file' | 'number'>,
  field: string,
  value: unknown,
  what: string,
): LensEngineError {
  const shown = shorten(value)
  const message = `${file}, record ${number}, field ${field}: ${what}; it is ${shown}`
  return new LensEngineError('RECORD_INVALID', message, {
    details: { file, record: number, field, value: shown, reason: what },
    cure: 'Correct the record, or read without strict mode to skip and list such records.',
  })
}

/** A field by its path (`requested_rewrite.target_new.str`), or undefined. */
export function fieldAt(record: RecordSource, path: string): unknown {
  let value: unknown = record.value
  for (const name of path.split('.')) {
    if (!isObject(value) || !Object.hasOwn(value, name)) return undefined
    value = value[name]
  }
  return value
}

/** A text with something other than white space; leading and trailing spaces are dropped. */
export function textAt(record: RecordSource, path: string): string {
  return checkedText(record, path, fieldAt(record, path))
}

export function optionalTextAt(record: RecordSource, path: string): string | null {
  const value = fieldAt(record, path)
  return value === undefined || value === null ? null : checkedText(record, path, value)
}

/** A list of such texts; an absent list is empty unless `required`. */
export function textsAt(
  record: RecordSource,
  path: string,
  { required }: { readonly required: boolean },
): string[] {
  const value = fieldAt(record, path)
  if (value === undefined && !required) return []
  if (!Array.isArray(value)) throw recordError(record, path, value, 'a list of texts is needed')
  return value.map((item, index) => checkedText(record, `${path}[${index}]`, item))
}

/** An identifier: a text or a whole number. */
export function idAt(record: RecordSource, path: string): string {
  const value = fieldAt(record, path)
  if (Number.isSafeInteger(value)) return String(value)
  return checkedText(record, path, value)
}

/** A prompt that holds `{}` exactly once. */
export function templateAt(record: RecordSource, path: string): string {
  const template = textAt(record, path)
  if (template.split('{}').length === 2) return template
  throw recordError(record, path, template, 'the prompt needs {} for the subject exactly once')
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function checkedText(record: RecordSource, path: string, value: unknown): string {
  if (typeof value !== 'string') {
    throw recordError(
      record,
      path,
      value,
      value === undefined ? 'it is missing' : 'a text is needed',
    )
  }
  const trimmed = value.trim()
  if (trimmed === '') throw recordError(record, path, value, 'the text is empty')
  if (/\p{Surrogate}/u.test(trimmed))
    throw recordError(record, path, value, 'half of a surrogate pair')
  return trimmed
}

function shorten(value: unknown): string {
  if (value === undefined) return 'absent'
  const text = writeOut(value)
  return text.length <= 120 ? text : `${text.slice(0, 117)}...`
}

/** JSON can be read at any depth, but written out only at some. */
function writeOut(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return 'a value nested too deeply to be shown'
  }
}
