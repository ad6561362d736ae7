// Which runs or edits point to a token: its text -> its id, a page of hits of both kinds by time, and how many there are.
import type { ModelLibrary } from '../../engine/model-library.js'
import { projectableFactor } from '../../engine/engine-vocabulary.js'
import { badCursor } from '../../errors/input-error.js'
import { decodeCursor, encodeCursor, pageSize } from '../../pagination/connection.js'
import { isUuid } from '../../pagination/time-cursor.js'
import { factorNames, matrixNames } from '../../vocabulary/names.js'
import type { MatrixNameKey } from '../../vocabulary/names.js'
import { searchedObjects } from '../../vocabulary/search-names.js'
import type { Viewer } from '../account/viewer.js'
import type { ModelService } from '../model/model.service.js'
import { checkText } from '../text-rules.js'
import { namedToken } from './find-token.js'
import type {
  HitCount,
  HitPosition,
  HitQuery,
  HitRow,
  TokenSearchRepository,
} from './token-search.repository.js'
import type { TokenHit, TokenSearch, TokenSearchInput } from './token-search.type.js'

export interface TokenSearchServiceParts {
  readonly search: TokenSearchRepository
  readonly models: ModelService
  readonly library: ModelLibrary
}

const longestToken = 200

export class TokenSearchService {
  readonly #parts: TokenSearchServiceParts

  constructor(parts: TokenSearchServiceParts) {
    this.#parts = parts
  }

  /** @throws UserFailure MODEL_NOT_FOUND, TOKENIZER_MISSING, TOKEN_OUT_OF_RANGE, BAD_ARGUMENT; BAD_USER_INPUT for a cursor */
  async find(
    viewer: Viewer,
    input: TokenSearchInput,
    first: number,
    after: string | null,
  ): Promise<TokenSearch> {
    const began = performance.now()
    const { models, library } = this.#parts
    const model = await models.require(viewer, input.modelId)
    const text = checkText(input.token, 'token', longestToken)
    const { chosen, alternatives } = namedToken(library, model, text, input.tokenId ?? null)
    const size = pageSize(first)
    const query = { ...queryOf(input), tokenId: chosen.id }
    const { rows, counts } = await this.#ask(query, input, positionOf(after), size)
    const page = rows.slice(0, size)
    const last = page.at(-1)
    return {
      ...{ tokenId: chosen.id, tokenText: chosen.text, alternatives: [...alternatives] },
      hits: page.map(toHit),
      total: counts.reduce((sum, { total }) => sum + total, 0),
      capped: counts.some(({ capped }) => capped),
      milliseconds: performance.now() - began,
      nextCursor: rows.length > size && last !== undefined ? cursorOf(last) : null,
    }
  }

  /** Each kind gives its own page; the newer of both make the one that is asked for. */
  async #ask(
    query: HitQuery,
    { objects }: TokenSearchInput,
    after: HitPosition | null,
    size: number,
  ): Promise<{ readonly rows: HitRow[]; readonly counts: readonly HitCount[] }> {
    const { search } = this.#parts
    const kinds = objects && objects.length > 0 ? [...new Set(objects)] : searchedObjects.keys
    const nothing = query.matrices?.length === 0
    if (nothing) return { rows: [], counts: [] }
    const [pages, counts] = await Promise.all([
      Promise.all(kinds.map((kind) => search.page(kind, query, after, size + 1))),
      Promise.all(kinds.map((kind) => search.count(kind, query))),
    ])
    const rows = pages.flat().sort((a, b) => (a.id < b.id ? 1 : Number(a.id > b.id) * -1))
    return { rows, counts }
  }
}

function queryOf({
  modelId,
  layer,
  matrix,
  factor,
  end,
}: TokenSearchInput): Omit<HitQuery, 'tokenId'> {
  const ofFactor = matrixNames.keys.filter((key) => !factor || factorOf(key) === factor)
  const matrices = matrix ? ofFactor.filter((key) => key === matrix) : ofFactor
  return {
    modelId,
    layer: layer ?? null,
    matrices: matrices.length === matrixNames.keys.length ? null : matrices,
    top: !end || end === 'EITHER' ? null : end === 'TOP',
  }
}

const factorOf = (matrix: MatrixNameKey) =>
  factorNames.fromEngine(projectableFactor[matrixNames.toEngine(matrix)])

function toHit({ kind, id, position, ...hit }: HitRow): TokenHit {
  const factor = factorOf(hit.matrix)
  if (kind === 'RUN') return { ...hit, factor, position, runId: id, editId: null }
  const side = factor === 'VJP' ? 'OUTPUT' : 'INPUT'
  return { ...hit, factor: side, position: null, runId: null, editId: id }
}

const cursorOf = ({ id, layer, matrix, position, top, place }: HitRow): string =>
  encodeCursor([id, layer, matrix, position, Number(top), place])

/** @throws BAD_USER_INPUT */
function positionOf(cursor: string | null): HitPosition | null {
  if (cursor === null) return null
  const [id, layer, matrix, position, top, place] = decodeCursor(cursor, 6) ?? []
  const numbers = [layer, position, top, place]
  const known = matrixNames.keys.find((key) => key === matrix)
  if (!isUuid(String(id)) || known === undefined || !numbers.every(isSmall)) throw badCursor(cursor)
  return {
    ...{ id: String(id), layer: Number(layer), matrix: known, position: Number(position) },
    ...{ top: top === 1, place: Number(place) },
  }
}

const isSmall = (value: unknown): boolean =>
  Number.isInteger(value) && Math.abs(value as number) < 32_768
