// The whole question of the lab <-> the address, and the request that is made of it.
import type { CreateEditInput } from '../../../graphql/generated/graphql'
import { cutAtSubject, joinPrompt } from '../edit-words'

export interface LabRequest {
  readonly prompt: string
  readonly subject: string
  readonly target: string
}

export interface LabNeighbor {
  readonly prompt: string
  readonly target: string
}

export interface LabView {
  readonly modelId: string | null
  readonly method: string
  readonly requests: readonly LabRequest[]
  readonly truth: string
  readonly paraphrases: readonly string[]
  readonly neighbors: readonly LabNeighbor[]
  readonly generationPrompts: readonly string[]
  /** Only those that were changed, as they are sent. */
  readonly hyperparameters: Readonly<Record<string, unknown>>
  readonly seed: number
  readonly onTopOf: readonly string[]
}

export const EMPTY_REQUEST: LabRequest = { prompt: '', subject: '', target: '' }

export const EMPTY_LAB: LabView = {
  modelId: null,
  method: 'rome',
  requests: [EMPTY_REQUEST],
  truth: '',
  paraphrases: [],
  neighbors: [],
  generationPrompts: [],
  hyperparameters: {},
  seed: 0,
  onTopOf: [],
}

/** Parts of one neighbor in the address; a prompt holds no line end. */
const BETWEEN = '\n'

function parseJson(text: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : {}
  } catch {
    return {}
  }
}

function parseRequests(query: URLSearchParams): readonly LabRequest[] {
  const [prompts, subjects, targets] = ['prompt', 'subject', 'target'].map((name) =>
    query.getAll(name),
  )
  const count = Math.max(1, prompts?.length ?? 0, subjects?.length ?? 0, targets?.length ?? 0)
  return Array.from({ length: count }, (_, index) => ({
    prompt: prompts?.[index] ?? '',
    subject: subjects?.[index] ?? '',
    target: targets?.[index] ?? '',
  }))
}

function parseNeighbor(text: string): LabNeighbor {
  const [prompt = '', target = ''] = text.split(BETWEEN)
  return { prompt, target }
}

const whole = (text: string | null): number => {
  const value = Number(text ?? '0')
  return Number.isSafeInteger(value) && value >= 0 ? value : 0
}

export function parseLab(query: URLSearchParams): LabView {
  return {
    modelId: query.get('model'),
    method: query.get('method') ?? EMPTY_LAB.method,
    requests: parseRequests(query),
    truth: query.get('truth') ?? '',
    paraphrases: query.getAll('paraphrase'),
    neighbors: query.getAll('neighbor').map(parseNeighbor),
    generationPrompts: query.getAll('continue'),
    hyperparameters: parseJson(query.get('with')),
    seed: whole(query.get('seed')),
    onTopOf: query.getAll('on'),
  }
}

export function formatLab(view: LabView): string {
  const query = new URLSearchParams()
  if (view.modelId) query.set('model', view.modelId)
  if (view.method !== EMPTY_LAB.method) query.set('method', view.method)
  const several = view.requests.length > 1
  for (const request of view.requests)
    for (const [name, value] of Object.entries(request) as [string, string][])
      if (several || value) query.append(name, value)
  if (view.truth) query.set('truth', view.truth)
  view.paraphrases.forEach((text) => query.append('paraphrase', text))
  view.neighbors.forEach(({ prompt, target }) =>
    query.append('neighbor', `${prompt}${BETWEEN}${target}`),
  )
  view.generationPrompts.forEach((text) => query.append('continue', text))
  if (Object.keys(view.hyperparameters).length > 0)
    query.set('with', JSON.stringify(view.hyperparameters))
  if (view.seed !== 0) query.set('seed', String(view.seed))
  view.onTopOf.forEach((id) => query.append('on', id))
  return query.toString()
}

const kept = (texts: readonly string[]): string[] =>
  texts.map((text) => text.trim()).filter((text) => text !== '')

/** What still has to be said before anything can be computed; null when nothing is missing. */
export function whatIsMissing(view: LabView): string | null {
  if (!view.modelId) return 'Choose a model.'
  for (const { prompt, subject, target } of view.requests) {
    if (prompt.trim() === '') return 'Type a prompt.'
    if (subject.trim() === '') return 'Mark the subject in the prompt.'
    if (cutAtSubject(prompt, subject) === null)
      return prompt.includes(subject)
        ? `“${subject}” stands in the prompt more than once: put {} where it is meant.`
        : `The prompt does not hold “${subject}”. Mark the subject in it, or put {} in its place.`
    if (target.trim() === '') return 'Type a target: what the model shall say.'
  }
  return null
}

/** What is sent: empty probes are left out, the first request alone where the method writes one fact. */
export function inputOf(view: LabView, many: boolean): CreateEditInput {
  const neighbors = view.neighbors.filter(({ prompt, target }) => prompt.trim() && target.trim())
  return {
    modelId: view.modelId ?? '',
    method: view.method,
    requests: (many ? view.requests : view.requests.slice(0, 1)).map((request) => ({ ...request })),
    hyperparameters: view.hyperparameters,
    seed: view.seed,
    ...(view.onTopOf.length > 0 && { onTopOf: [...view.onTopOf] }),
    probes: {
      ...(view.truth.trim() && { truth: view.truth }),
      paraphrases: kept(view.paraphrases),
      neighbors: neighbors.map(({ prompt, target }) => ({ prompt: prompt.trim(), target })),
      generationPrompts: kept(view.generationPrompts),
    },
  }
}

export interface Fact {
  readonly prompt: string
  readonly subject: string
  readonly target: string
  readonly truth: string
  readonly paraphrases: readonly string[]
  readonly neighbors: readonly LabNeighbor[]
  readonly generationPrompts: readonly string[]
}

/** The lab filled from a fact; its prompt is written out where that leaves the subject clear. */
export function withFact(view: LabView, fact: Fact): LabView {
  const joined = joinPrompt(fact.prompt, fact.subject)
  const prompt = cutAtSubject(joined, fact.subject) ? joined : fact.prompt
  return {
    ...view,
    requests: [{ prompt, subject: fact.subject, target: fact.target.trim() }],
    truth: fact.truth.trim(),
    paraphrases: [...fact.paraphrases],
    neighbors: fact.neighbors.map(({ prompt, target }) => ({ prompt, target: target.trim() })),
    generationPrompts: [...fact.generationPrompts],
  }
}

/** A request with the selected part of its prompt as subject; `{}` takes its place where it stands more than once. */
export function withSubject(request: LabRequest, start: number, end: number): LabRequest {
  const chosen = request.prompt.slice(start, end)
  const subject = chosen.trim()
  if (subject === '') return request
  const at = start + chosen.indexOf(subject)
  if (cutAtSubject(request.prompt, subject)) return { ...request, subject }
  const prompt = `${request.prompt.slice(0, at)}{}${request.prompt.slice(at + subject.length)}`
  return { ...request, subject, prompt }
}

/** Where a computed edit can be asked again and changed. */
export function labAddress(view: Partial<LabView>): string {
  return `/edits/new?${formatLab({ ...EMPTY_LAB, ...view })}`
}
