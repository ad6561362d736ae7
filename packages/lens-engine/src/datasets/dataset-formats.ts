// A record of each known format -> an evaluation case. One row per format; the first record's fields choose the row.
import type { CaseRelation, EvaluationCase, ExpectedPrompt } from './evaluation-case.js'
import { fieldAt, idAt, isObject, optionalTextAt, recordError } from './record-fields.js'
import { templateAt, textAt, textsAt, type RecordSource } from './record-fields.js'

export interface DatasetFormatRow {
  readonly title: string
  /** Fields that only this format has; all must stand in the first record for `auto` to choose it. */
  readonly marks: readonly string[]
  readonly toCase: (record: RecordSource) => EvaluationCase
}

/** `counterfact` is also the format of MEMIT's multi_counterfact and of the bundled facts. */
export const datasetFormats = {
  counterfact: { title: 'CounterFact', marks: ['requested_rewrite'], toCase: counterfactCase },
  easyedit: {
    title: 'EasyEdit',
    marks: ['rephrase_prompt', 'locality_prompt', 'ground_truth'],
    toCase: easyeditCase,
  },
  zsre: { title: 'zsRE (MEND and ROME)', marks: ['src', 'loc', 'loc_ans'], toCase: zsreCase },
  known: { title: 'known_1000', marks: ['known_id', 'attribute', 'template'], toCase: knownCase },
  imprint: { title: 'Imprint JSON lines', marks: ['prompt', 'subject'], toCase: imprintCase },
} as const satisfies Readonly<Record<string, DatasetFormatRow>>

export type DatasetFormat = keyof typeof datasetFormats

export const datasetFormatNames = Object.keys(datasetFormats) as readonly DatasetFormat[]

/** The first format whose marks all stand in the record, or null. */
export function detectFormat(value: Readonly<Record<string, unknown>>): DatasetFormat | null {
  const fits = (name: DatasetFormat): boolean =>
    datasetFormats[name].marks.every((mark) => Object.hasOwn(value, mark))
  return datasetFormatNames.find(fits) ?? null
}

/**
 * The prompt with `{}` in the subject's place: its first whole-word occurrence, else its first.
 * @throws RECORD_INVALID when the prompt does not hold the subject, or holds `{}` besides
 */
export function templateOf(
  record: RecordSource,
  field: string,
  prompt: string,
  subject: string,
): string {
  const place = subjectPlace(prompt, subject)
  if (place < 0) throw recordError(record, field, prompt, `the subject "${subject}" is not in it`)
  const [before, after] = [prompt.slice(0, place), prompt.slice(place + subject.length)]
  if (`${before} ${after}`.includes('{}')) {
    throw recordError(record, field, prompt, 'it holds {} besides the subject')
  }
  return `${before}{}${after}`
}

function subjectPlace(prompt: string, subject: string): number {
  const wordCharacter = /[\p{L}\p{N}]/u
  for (
    let place = prompt.indexOf(subject);
    place >= 0;
    place = prompt.indexOf(subject, place + 1)
  ) {
    const after = prompt[place + subject.length] ?? ' '
    if (!wordCharacter.test(prompt[place - 1] ?? ' ') && !wordCharacter.test(after)) return place
  }
  return prompt.indexOf(subject)
}

function counterfactCase(record: RecordSource): EvaluationCase {
  const rewrite = 'requested_rewrite'
  const prompt = templateAt(record, `${rewrite}.prompt`)
  const targetNew = textAt(record, `${rewrite}.target_new.str`)
  const targetTrue = textAt(record, `${rewrite}.target_true.str`)
  const neighbors = textsAt(record, 'neighborhood_prompts', { required: true })
  const attributes = textsAt(record, 'attribute_prompts', { required: false })
  return {
    id: idAt(record, 'case_id'),
    request: { prompt, subject: textAt(record, `${rewrite}.subject`), targetNew, targetTrue },
    relation: relationOf(optionalTextAt(record, `${rewrite}.relation_id`), prompt),
    paraphrases: textsAt(record, 'paraphrase_prompts', { required: true }),
    neighbors: neighbors.map(expecting(targetTrue)),
    generationPrompts: textsAt(record, 'generation_prompts', { required: false }),
    attributes: attributes.map(expecting(targetNew)),
  }
}

function easyeditCase(record: RecordSource): EvaluationCase {
  const subject = textAt(record, 'subject')
  const prompt = templateOf(record, 'prompt', textAt(record, 'prompt'), subject)
  const neighbor = {
    prompt: textAt(record, 'locality_prompt'),
    target: textAt(record, 'locality_ground_truth'),
  }
  return {
    id: idAt(record, 'case_id'),
    request: {
      prompt,
      subject,
      targetNew: textAt(record, 'target_new'),
      targetTrue: textAt(record, 'ground_truth'),
    },
    relation: relationOf(null, prompt),
    paraphrases: [textAt(record, 'rephrase_prompt')],
    neighbors: [neighbor],
    generationPrompts: [],
  }
}

/** zsRE has no ids: ROME numbers the records from 0. The neighbor's question gets the question mark ROME gives it. */
function zsreCase(record: RecordSource): EvaluationCase {
  const subject = textAt(record, 'subject')
  const prompt = templateOf(record, 'src', textAt(record, 'src'), subject)
  const question = textAt(record, 'loc')
  const [answer] = textsAt(record, 'answers', { required: true })
  if (answer === undefined) throw recordError(record, 'answers', [], 'one answer is needed')
  if (!question.startsWith('nq question: ')) {
    throw recordError(record, 'loc', question, 'it has to begin with "nq question: "')
  }
  return {
    id: String(record.number - 1),
    request: { prompt, subject, targetNew: answer, targetTrue: null },
    relation: relationOf(null, prompt),
    paraphrases: [textAt(record, 'rephrase')],
    neighbors: [{ prompt: `${question}?`, target: textAt(record, 'loc_ans') }],
    generationPrompts: [],
  }
}

function knownCase(record: RecordSource): EvaluationCase {
  const prompt = templateAt(record, 'template')
  return {
    id: idAt(record, 'known_id'),
    request: {
      prompt,
      subject: textAt(record, 'subject'),
      targetNew: null,
      targetTrue: textAt(record, 'attribute'),
    },
    relation: relationOf(optionalTextAt(record, 'relation_id'), prompt),
    paraphrases: [],
    neighbors: [],
    generationPrompts: [],
  }
}

function imprintCase(record: RecordSource): EvaluationCase {
  const subject = textAt(record, 'subject')
  const written = textAt(record, 'prompt')
  const prompt = written.includes('{}')
    ? templateAt(record, 'prompt')
    : templateOf(record, 'prompt', written, subject)
  return {
    id: idAt(record, 'id'),
    request: {
      prompt,
      subject,
      targetNew: optionalTextAt(record, 'target_new'),
      targetTrue: optionalTextAt(record, 'target_true'),
    },
    relation: relationOf(optionalTextAt(record, 'relation'), prompt),
    paraphrases: textsAt(record, 'paraphrases', { required: false }),
    neighbors: expectedPromptsAt(record, 'neighbors'),
    generationPrompts: textsAt(record, 'generation_prompts', { required: false }),
    attributes: expectedPromptsAt(record, 'attributes'),
  }
}

function expectedPromptsAt(record: RecordSource, field: string): ExpectedPrompt[] {
  const list = fieldAt(record, field) ?? []
  if (!Array.isArray(list)) throw recordError(record, field, list, 'a list is needed')
  return list.map((item: unknown, index) => {
    if (!isObject(item)) {
      throw recordError(record, `${field}[${index}]`, item, 'prompt and target are needed')
    }
    const entry = { ...record, value: { [`${field}[${index}]`]: item } }
    return {
      prompt: textAt(entry, `${field}[${index}].prompt`),
      target: textAt(entry, `${field}[${index}].target`),
    }
  })
}

const expecting =
  (target: string) =>
  (prompt: string): ExpectedPrompt => ({ prompt, target })

/** The record's own relation, else the prompt template: records that share a template share a relation. */
function relationOf(id: string | null, template: string): CaseRelation {
  return id === null ? { id: template, source: 'template' } : { id, source: 'record' }
}
