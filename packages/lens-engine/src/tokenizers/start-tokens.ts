// post_processor of a tokenizer.json -> the tokens a text begins with, such as Llama's <s>.
import { tokenizerInvalid } from './tokenizer-error.js'
import { expectObject, text, type JsonObject } from './tokenizer-json-parts.js'

/**
 * Ids that stand before a text of its own. tokenizer.json alone decides; tokenizer_config.json is not read.
 * @param known whether an id has a token
 * @throws TOKENIZER_INVALID for a post-processor that is not on the list, or one that puts tokens after the text
 */
export function readStartTokens(
  postProcessor: unknown,
  known: (id: number) => boolean,
  file: string,
): readonly number[] {
  const steps = expandSteps(postProcessor, file)
  const templates = steps.filter(({ type }) => type === 'TemplateProcessing')
  const other = steps.find(({ type }) => type !== 'TemplateProcessing' && type !== 'ByteLevel')
  if (other !== undefined || templates.length > 1)
    throw unsupported(file, `its post-processor ${text(other?.type ?? 'of two templates')}`)
  const [template] = templates
  if (template === undefined) return []
  const ids = readTemplate(template, file)
  const unknown = ids.find((id) => !known(id))
  if (unknown !== undefined)
    throw tokenizerInvalid('BAD_ID', file, `its post-processor adds the unknown token ${unknown}`)
  return ids
}

function expandSteps(value: unknown, file: string): readonly JsonObject[] {
  if (value === null || value === undefined) return []
  const step = expectObject(value, 'post_processor', file)
  if (step.type !== 'Sequence') return [step]
  if (!Array.isArray(step.processors) || step.processors.length > 4)
    throw tokenizerInvalid('BAD_STRUCTURE', file, 'post_processor.processors is not a short list')
  return step.processors.map((item) => expectObject(item, 'a post-processor', file))
}

/** `single` lists what a text becomes: special tokens and, once, the text itself ("Sequence"). */
function readTemplate(template: JsonObject, file: string): readonly number[] {
  if (!Array.isArray(template.single) || template.single.length > 8)
    throw tokenizerInvalid('BAD_STRUCTURE', file, 'post_processor.single is not a short list')
  const parts = template.single.map((part) => expectObject(part, 'a template part', file))
  const at = parts.findIndex((part) => 'Sequence' in part)
  if (at < 0) throw tokenizerInvalid('BAD_STRUCTURE', file, 'its template leaves the text out')
  if (at < parts.length - 1) throw unsupported(file, 'its template puts tokens after the text')
  const table = expectObject(template.special_tokens ?? {}, 'special_tokens', file)
  return parts.slice(0, at).flatMap((part) => idsOf(part, table, file))
}

function idsOf(part: JsonObject, table: JsonObject, file: string): readonly number[] {
  const { id } = expectObject(part.SpecialToken, 'a special token of the template', file)
  const name = typeof id === 'string' && Object.hasOwn(table, id) ? id : null
  const { ids } = expectObject(
    name === null ? null : table[name],
    `special_tokens.${text(id)}`,
    file,
  )
  const isId = (value: unknown): value is number => Number.isSafeInteger(value)
  if (Array.isArray(ids) && ids.length > 0 && ids.length <= 8 && ids.every(isId)) return ids
  throw tokenizerInvalid('BAD_ID', file, `special_tokens.${text(id)} has no list of ids`)
}

function unsupported(file: string, what: string) {
  return tokenizerInvalid('KIND_UNSUPPORTED', file, `${what} is not implemented`)
}
