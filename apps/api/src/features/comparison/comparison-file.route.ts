// GET /api/evaluations/:id/{rows.csv,records.jsonl,comparison.json,comparison.csv,differences.csv,comparison.tex}: what was
// measured, to take away.
import type { Request, RequestHandler, Response } from 'express'
import { GraphQLError } from 'graphql'
import type { Services } from '../../services.js'
import type { Viewer } from '../account/viewer.js'
import { writeText } from '../write-text.js'
import { readCaseFilter } from './case-filter-text.js'
import { comparisonCsv, differencesCsv } from './comparison-files.js'
import type { ComparedEvaluation } from './comparison.repository.js'
import type { Comparison } from './comparison.type.js'
import { latexTable } from './latex-table.js'
import { partOfComparison } from './part-of-comparison.js'

type EvaluationRequest = Request<{ id: string; file: string }>

interface FileKind {
  readonly type: string
  readonly write: (
    services: Services,
    viewer: Viewer,
    evaluation: ComparedEvaluation,
    request: EvaluationRequest,
  ) => AsyncIterable<string>
}

const ofComparison = (type: string, write: (comparison: Comparison) => string): FileKind => ({
  type,
  write: async function* (services, viewer, { id }, { query }) {
    const others = listOf(query['evaluations']).filter((other) => other !== id)
    const evaluationIds = [id, ...others]
    const wanted = { armIds: listOf(query['arms']), metrics: listOf(query['metrics']) }
    const filter = readCaseFilter(query['filter'])
    // A filter speaks of arms that need not be wanted: the numbers are those of the page, which has all.
    const input = filter === null ? { evaluationIds, ...wanted } : { evaluationIds, filter }
    const comparison = await services.comparisons.compare(viewer, input)
    if (comparison.refusal !== null) throw new Refused(comparison.refusal)
    yield write(filter === null ? comparison : partOfComparison(comparison, wanted))
  },
})

const kinds: Readonly<Record<string, FileKind>> = {
  'rows.csv': {
    type: 'text/csv',
    write: (services, _viewer, evaluation) => services.comparisonExports.rowsCsv(evaluation),
  },
  'records.jsonl': {
    type: 'application/x-ndjson',
    write: (services, _viewer, evaluation) => services.comparisonExports.records(evaluation),
  },
  'comparison.json': ofComparison('application/json', (comparison) =>
    JSON.stringify(comparison, null, 2),
  ),
  'comparison.csv': ofComparison('text/csv', comparisonCsv),
  'differences.csv': ofComparison('text/csv', differencesCsv),
  'comparison.tex': ofComparison('application/x-tex', latexTable),
}

/** Files that know no filter. */
const ofAllCases: ReadonlySet<string> = new Set(['rows.csv', 'records.jsonl'])

class Refused extends Error {
  readonly answer: object

  constructor(answer: NonNullable<Comparison['refusal']>) {
    super(answer.message)
    this.answer = { ...answer }
  }
}

/** Formats of an evaluation's files and where they are. */
export const exportsOf = (id: string): { format: string; url: string }[] =>
  Object.keys(kinds).map((file) => ({ format: file, url: `/api/evaluations/${id}/${file}` }))

export function comparisonFileRoute(
  services: Services,
  viewer: Viewer,
): RequestHandler<{ id: string; file: string }> {
  return async (request, response, next) => {
    const kind = Object.hasOwn(kinds, request.params.file) ? kinds[request.params.file] : undefined
    if (kind === undefined) return next()
    const evaluation = await services.comparisonExports.evaluation(viewer, request.params.id)
    if (evaluation === null)
      return void response
        .status(404)
        .json({ code: 'EVALUATION_NOT_FOUND', message: 'There is no evaluation with this id.' })
    const name = fileName(evaluation, request)
    try {
      for await (const text of kind.write(services, viewer, evaluation, request)) {
        if (!response.headersSent) response.type(kind.type).attachment(name)
        if (response.destroyed) return
        await writeText(response, text)
      }
      response.end()
    } catch (error) {
      fail(response, error)
    }
  }
}

/** Of chosen cases only it is called so, as both may be taken away. */
function fileName({ name }: ComparedEvaluation, { params, query }: EvaluationRequest): string {
  const safe = name.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 80)
  const chosen = query['filter'] && !ofAllCases.has(params.file) ? 'chosen-cases-' : ''
  return `${safe}-${chosen}${params.file}`
}

/** A file that has begun is cut off, so that nobody takes it for whole. */
function fail(response: Response, error: unknown): void {
  if (response.headersSent) return void response.destroy()
  if (error instanceof Refused) return void response.status(409).json(error.answer)
  if (!(error instanceof GraphQLError)) throw error
  response.status(400).json({ code: 'BAD_ARGUMENT', message: error.message })
}

const listOf = (value: unknown): string[] =>
  typeof value === 'string' ? value.split(',').filter((word) => word !== '') : []
