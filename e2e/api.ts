// The API as a script would use it, for what a journey needs but does not look at.
export interface RunSummary {
  readonly id: string
  readonly state: 'QUEUED' | 'RUNNING' | 'DONE' | 'FAILED' | 'CANCELLED'
  readonly stage: string
  readonly attempt: number
  readonly error: {
    readonly code: string
    readonly message: string
    readonly retried: boolean
  } | null
}

export interface UserError {
  readonly code: string
  readonly message: string
  readonly cure: string
}

export const apiUrl = (): string => process.env['IMPRINT_E2E_API_URL'] ?? 'http://127.0.0.1:4000'

/** Sends one GraphQL document; throws what the API says is wrong. */
export async function ask<T>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
  const response = await fetch(`${apiUrl()}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  })
  const answer = (await response.json()) as { data?: T; errors?: { message: string }[] }
  if (answer.errors) throw new Error(answer.errors.map(({ message }) => message).join('\n'))
  return answer.data as T
}

/** Id of the bundled model. */
export async function bundledModelId(): Promise<string> {
  const query = '{ models(first: 50) { edges { node { id bundled } } } }'
  const { models } = await ask<{ models: { edges: { node: { id: string; bundled: boolean } }[] } }>(
    query,
  )
  const found = models.edges.find(({ node }) => node.bundled)
  if (found === undefined) throw new Error('The bundled model is not registered.')
  return found.node.id
}

export interface NewRun {
  readonly modelId: string
  readonly promptText: string
  readonly targetText: string
  readonly [option: string]: unknown
}

/** Asks for a run; the payload as it comes, refusals included. */
export async function requestRun(
  input: NewRun,
): Promise<{ run: RunSummary | null; errors: UserError[] }> {
  const query = `mutation ($input: CreateLensRunInput!) { createLensRun(input: $input) {
    run { id state stage attempt error { code message retried } } errors { code message cure } } }`
  const { createLensRun } = await ask<{
    createLensRun: { run: RunSummary | null; errors: UserError[] }
  }>(query, { input })
  return createLensRun
}

/** Asks for a run that has to be accepted; returns its id. */
export async function createRun(input: NewRun): Promise<string> {
  const { run, errors } = await requestRun(input)
  if (run === null) throw new Error(`The run was refused: ${JSON.stringify(errors)}`)
  return run.id
}

export async function readRun(id: string): Promise<RunSummary | null> {
  const query =
    'query ($id: ID!) { lensRun(id: $id) { id state stage attempt error { code message retried } } }'
  return (await ask<{ lensRun: RunSummary | null }>(query, { id })).lensRun
}

const ends = new Set(['DONE', 'FAILED', 'CANCELLED'])

/** Waits until a run has ended, or reached one of the states. */
export async function waitForRun(
  id: string,
  states: ReadonlySet<string> = ends,
): Promise<RunSummary> {
  const deadline = Date.now() + 60_000
  for (;;) {
    const run = await readRun(id)
    if (run !== null && states.has(run.state)) return run
    if (Date.now() > deadline) throw new Error(`Run ${id} is still ${run?.state ?? 'unknown'}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const countQuery =
  'query ($state: RunState!) { lensRuns(first: 1, filter: { state: $state }) { totalCount } }'

async function countRuns(state: string): Promise<number> {
  const answer = await ask<{ lensRuns: { totalCount: number } }>(countQuery, { state })
  return answer.lensRuns.totalCount
}

/** Waits until no run waits or is computed, so that the next one is the only one. */
export async function waitUntilIdle(): Promise<void> {
  const deadline = Date.now() + 120_000
  while ((await countRuns('QUEUED')) + (await countRuns('RUNNING')) > 0) {
    if (Date.now() > deadline) throw new Error('Runs are still waiting or being computed.')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** A text of exactly so many tokens of the model, made of plain sentences. */
export async function textOfTokens(modelId: string, count: number): Promise<string> {
  const query =
    'query ($modelId: ID!, $text: String!) { tokenize(modelId: $modelId, text: $text) { tokens { end } } }'
  const text = 'The capital of France is Paris. The language of Japan is Japanese. '.repeat(count)
  const { tokenize } = await ask<{ tokenize: { tokens: { end: number }[] } }>(query, {
    modelId,
    text: text.slice(0, count * 8),
  })
  const last = tokenize.tokens[count - 1]
  if (last === undefined) throw new Error(`The text has only ${tokenize.tokens.length} tokens`)
  return text.slice(0, last.end)
}

export interface EditSummary {
  readonly id: string
  readonly outcome: string | null
  readonly applied: boolean
  readonly task: { readonly state: RunSummary['state']; readonly error: UserError | null }
}

export interface NewEdit {
  readonly modelId: string
  readonly method: string
  readonly requests: readonly { prompt: string; subject: string; target: string }[]
  readonly [option: string]: unknown
}

/** Asks for an edit that has to be accepted; returns its id. */
export async function createEdit(input: NewEdit): Promise<string> {
  const query = `mutation ($input: CreateEditInput!) { createEdit(input: $input) {
    edit { id } errors { code message cure } } }`
  const { createEdit: payload } = await ask<{
    createEdit: { edit: { id: string } | null; errors: UserError[] }
  }>(query, { input })
  if (payload.edit === null)
    throw new Error(`The edit was refused: ${JSON.stringify(payload.errors)}`)
  return payload.edit.id
}

export async function readEdit(id: string): Promise<EditSummary | null> {
  const query = `query ($id: ID!) { edit(id: $id) { id outcome applied
    task { state error { code message cure } } } }`
  return (await ask<{ edit: EditSummary | null }>(query, { id })).edit
}

/** Waits until an edit has ended. */
export async function waitForEdit(id: string): Promise<EditSummary> {
  const deadline = Date.now() + 120_000
  for (;;) {
    const edit = await readEdit(id)
    if (edit !== null && ends.has(edit.task.state)) return edit
    if (Date.now() > deadline)
      throw new Error(`Edit ${id} is still ${edit?.task.state ?? 'unknown'}`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

/** Ids of two finished edits of the bundled model; forward shifts are made where there are none. */
export async function finishedEdits(): Promise<readonly [string, string]> {
  const query = `{ edits(first: 50, filter: { state: DONE }) { edges { node { id outcome } } } }`
  const { edits } = await ask<{ edits: { edges: { node: EditSummary }[] } }>(query)
  const done = edits.edges
    .filter(({ node }) => node.outcome === 'EDITED')
    .map(({ node }) => node.id)
  const modelId = await bundledModelId()
  for (const target of ['Berlin', 'Rome'].slice(done.length)) {
    const id = await createEdit({
      modelId,
      method: 'forward-shift',
      requests: [{ prompt: 'The capital of {} is', subject: 'France', target }],
      probes: {
        truth: 'Paris',
        paraphrases: ['The city that is the capital of France is'],
        neighbors: [{ prompt: 'The capital of Hungary is', target: 'Budapest' }],
      },
    })
    await waitForEdit(id)
    done.push(id)
  }
  const [first, second] = done
  if (first === undefined || second === undefined) throw new Error('There are no finished edits.')
  return [first, second]
}
