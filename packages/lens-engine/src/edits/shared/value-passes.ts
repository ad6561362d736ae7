// Texts with the place of their lookup -> the loss of a vector added there and its gradient, again and again. What stands
// before a lookup cannot change, so it is read once: each measurement runs the tokens from the lookups on, above the layer.
import { float32, int64 } from '../../runtime/feeds.js'
import type { Feed, Fetch } from '../../runtime/ort.js'
import { finite, type EditLab } from './edit-lab.js'
import type { Fetches } from './pass-result.js'
import type { DeltaSite } from './pass-plan.js'
import { buildMeasuringGraph, buildReadingGraph } from './value-graphs.js'

/** One text of the loss. */
export interface ValueText {
  /** Up to the last token that is read. */
  readonly ids: readonly number[]
  /** Where the vector is added. */
  readonly lookup: number
  /** Weight of -log p of each token after its position, which is not before the lookup. */
  readonly scored: readonly {
    readonly position: number
    readonly token: number
    readonly weight: number
  }[]
  /** Weight of KL(current || unchanged) at the lookup; 0 where it does not count. */
  readonly divergence: number
}

/** At one vector: weighted sums in nats, and their gradient [width]. */
export interface MeasuredValue {
  readonly nll: number
  readonly kl: number
  readonly gradient: Float32Array
}

export interface ValuePasses {
  measure(vector: Float32Array): Promise<MeasuredValue>
}

/** Tokens of the texts that share a row; attention over them takes their square. */
const PACK_TOKENS = 1024

/**
 * Reads the texts once under the lab's own deltas.
 * @param layer the vector is added to what leaves this layer, as the output of its mlp.down is
 * @throws RUN_CANCELLED; `measure` also NOT_FINITE
 */
export async function openValuePasses(
  lab: EditLab,
  texts: readonly ValueText[],
  layer: number,
): Promise<ValuePasses> {
  const packs: Pack[] = []
  for (const members of cutIntoPacks(texts)) packs.push(await readPack(lab, members, layer))
  return {
    async measure(vector) {
      let [nll, kl] = [0, 0]
      const gradient = new Float32Array(vector.length)
      for (const pack of packs) {
        const found = await measurePack(lab, pack, vector, layer)
        nll += found.nll
        kl += found.kl
        found.gradient.forEach((slope, index) => {
          gradient[index] = (gradient[index] as number) + slope
        })
      }
      finite(
        gradient.reduce((sum, slope) => sum + slope, 0),
        'the gradient of a vector',
      )
      return { nll, kl, gradient }
    },
  }
}

function cutIntoPacks(texts: readonly ValueText[]): readonly (readonly ValueText[])[] {
  const packs: ValueText[][] = []
  let tokens = 0
  for (const text of texts) {
    const last = packs.at(-1)
    const fits = last !== undefined && tokens + text.ids.length <= PACK_TOKENS
    if (fits) last.push(text)
    else packs.push([text])
    tokens = fits ? tokens + text.ids.length : text.ids.length
  }
  return packs
}

/** Texts that were read together: all feeds of a measurement but the vector. */
interface Pack {
  readonly feeds: Readonly<Record<string, Feed>>
  readonly sites: readonly DeltaSite[]
  readonly sequences: number
  readonly tokens: number
  readonly nllWeights: readonly number[]
  readonly klWeights: readonly number[]
}

async function readPack(lab: EditLab, texts: readonly ValueText[], layer: number): Promise<Pack> {
  const sites = lab.baseSites(0)
  const build = () => buildReadingGraph(lab.model, { layer, sites })
  const key = `edit-value read ${layer} ${JSON.stringify(sites)}`
  const places = placesOf(texts)
  const diverging = texts.flatMap(({ divergence }, text) => (divergence === 0 ? [] : [text]))
  const compared = diverging.map(
    (text) => (places.starts[text] as number) + (texts[text] as ValueText).lookup,
  )
  const ids = texts.flatMap((text) => text.ids)
  const fetches = await lab.runGraph(key, build, {
    feeds: {
      token_ids: int64(ids, [1, ids.length]),
      position_ids: int64(places.positions, [ids.length]),
      query_texts: int64(places.owners, [ids.length]),
      capture_rows: int64(places.changing, [places.changing.length]),
      score_rows: int64(compared.length === 0 ? [0] : compared, [Math.max(1, compared.length)]),
    },
    sites,
    pass: { sequences: texts.length, tokens: ids.length, backward: false },
  })
  return {
    feeds: {
      ...memoryFeeds(fetches, places.fixed),
      ...layoutFeeds(texts, places),
      ...lossFeeds(texts, places, diverging, fetches['log_probabilities'] as Fetch),
      before: feedOf(fetches['before'] as Fetch),
    },
    sites: lab.baseSites(layer + 1),
    sequences: texts.length,
    tokens: places.changing.length,
    nllWeights: texts.flatMap(({ scored }) => scored.map(({ weight }) => weight)),
    klWeights: diverging.map((text) => (texts[text] as ValueText).divergence),
  }
}

async function measurePack(lab: EditLab, pack: Pack, vector: Float32Array, layer: number) {
  const { model } = lab
  const { sites, sequences, tokens } = pack
  const key = `edit-value measure ${layer} ${JSON.stringify(sites)}`
  const build = () => buildMeasuringGraph(model, { layer, sites })
  const fetches = await lab.runGraph(key, build, {
    feeds: { ...pack.feeds, vectors: float32(vector, [1, vector.length]) },
    sites,
    pass: { sequences, tokens, backward: true },
  })
  finite(Number(fetches['loss']?.data[0]), 'the loss')
  return {
    nll: weighted(fetches, 'nll', pack.nllWeights),
    kl: weighted(fetches, 'divergence', pack.klWeights),
    gradient: (fetches['gradient'] as Fetch).data as Float32Array,
  }
}

const weighted = (fetches: Fetches, name: string, weights: readonly number[]): number =>
  weights.reduce((sum, weight, index) => sum + weight * Number(fetches[name]?.data[index]), 0)

/** Where the tokens of packed texts stand. */
interface Places {
  /** Row of each text's first token. */
  readonly starts: readonly number[]
  /** Position in its text, and the text, of every row. */
  readonly positions: readonly number[]
  readonly owners: readonly number[]
  /** Rows before the lookups, and from them on. */
  readonly fixed: readonly number[]
  readonly changing: readonly number[]
}

function placesOf(texts: readonly ValueText[]): Places {
  const starts: number[] = []
  const positions: number[] = []
  const owners: number[] = []
  texts.forEach(({ ids }, text) => {
    starts.push(positions.length)
    ids.forEach((_, position) => {
      positions.push(position)
      owners.push(text)
    })
  })
  const rows = [...positions.keys()]
  const changes = (row: number): boolean =>
    (positions[row] as number) >= (texts[owners[row] as number] as ValueText).lookup
  return {
    starts,
    positions,
    owners,
    fixed: rows.filter((row) => !changes(row)),
    changing: rows.filter(changes),
  }
}

/** Rows [1, ..., positions, headWidth] of what was kept, of the tokens before the lookups. */
function memoryFeeds(fetches: Fetches, fixed: readonly number[]): Readonly<Record<string, Feed>> {
  const kept = Object.entries(fetches).filter(([name]) => name.startsWith('present.'))
  return Object.fromEntries(
    kept.map(([name, { shape, data }]): [string, Feed] => {
      const [positions, width] = shape.slice(-2) as [number, number]
      const heads = data.length / (positions * width)
      const rows = new Float32Array(heads * fixed.length * width)
      for (let head = 0; head < heads; head++) {
        fixed.forEach((row, index) => {
          const from = (head * positions + row) * width
          const to = (head * fixed.length + index) * width
          rows.set((data as Float32Array).subarray(from, from + width), to)
        })
      }
      return [
        name.replace('present', 'past'),
        float32(rows, [...shape.slice(0, -2), fixed.length, width]),
      ]
    }),
  )
}

/** Who stands where among the rows of a measurement, and at which of them the vector is added. */
function layoutFeeds(
  texts: readonly ValueText[],
  { positions, owners, fixed, changing }: Places,
): Readonly<Record<string, Feed>> {
  const keys = [...fixed, ...changing]
  const pick = (from: readonly number[], rows: readonly number[]): readonly number[] =>
    rows.map((row) => from[row] as number)
  const isLookup = changing.map(
    (row) => positions[row] === (texts[owners[row] as number] as ValueText).lookup,
  )
  return {
    token_ids: int64(Array<number>(changing.length).fill(0), [1, changing.length]),
    position_ids: int64(pick(positions, changing), [changing.length]),
    query_texts: int64(pick(owners, changing), [changing.length]),
    key_position_ids: int64(pick(positions, keys), [keys.length]),
    key_texts: int64(pick(owners, keys), [keys.length]),
    vector_mask: float32(Float32Array.from(isLookup, Number), [changing.length, 1]),
  }
}

/** Scored places come first, then the diverging ones. */
function lossFeeds(
  texts: readonly ValueText[],
  { starts, changing }: Places,
  diverging: readonly number[],
  base: Fetch,
): Readonly<Record<string, Feed>> {
  const place = new Map(changing.map((row, index) => [row, index]))
  const at = (text: number, position: number): number =>
    place.get((starts[text] as number) + position) as number
  const scored = texts.flatMap((one, text) =>
    one.scored.map(({ position, token, weight }) => ({ row: at(text, position), token, weight })),
  )
  const compared = diverging.map((text) => ({
    row: at(text, (texts[text] as ValueText).lookup),
    token: 0,
    weight: 0,
  }))
  const rows = [...scored, ...compared]
  const weights = diverging.map((text) => (texts[text] as ValueText).divergence)
  const some = Math.max(1, diverging.length)
  return {
    score_rows: int64(
      rows.map(({ row }) => row),
      [rows.length],
    ),
    score_tokens: int64(
      rows.map(({ token }) => token),
      [rows.length, 1],
    ),
    score_weights: float32(
      Float32Array.from(rows, ({ weight }) => weight),
      [rows.length, 1],
    ),
    divergence_places: int64(
      diverging.length === 0 ? [0] : diverging.map((_, index) => scored.length + index),
      [some],
    ),
    divergence_weights: float32(Float32Array.from(weights.length === 0 ? [0] : weights), [some]),
    divergence_base: feedOf(base),
  }
}

const feedOf = ({ shape, data }: Fetch): Feed => float32(data as Float32Array, shape)
