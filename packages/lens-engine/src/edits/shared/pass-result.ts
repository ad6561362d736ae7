// Outputs of a pass -> one result for each sequence, and the gradients they share.
import type { Fetch } from '../../runtime/ort.js'
import { addressKey } from '../matrix-delta.js'
import { picksOf, placesOf, type PassBatch } from './pass-feeds.js'
import { siteName, type DeltaSite, type PassPlan } from './pass-plan.js'
import type {
  DeltaGradient,
  FactorRows,
  Rows,
  ScoredResult,
  SequenceResult,
} from './pass-request.js'

export type Fetches = Readonly<Record<string, Fetch>>

interface Unpacking {
  readonly fetches: Fetches
  readonly batch: PassBatch
  readonly plan: PassPlan
}

const floats = (fetches: Fetches, name: string): Float32Array =>
  (fetches[name] as Fetch).data as Float32Array

/** The last axis of an output. */
const widthOf = (fetches: Fetches, name: string): number =>
  (fetches[name] as Fetch).shape.at(-1) as number

/** Row `row` of an output [rows, width], copied so that the rest can be freed. */
function rowOf(fetches: Fetches, name: string, row: number): Float32Array {
  const width = widthOf(fetches, name)
  return floats(fetches, name).slice(row * width, (row + 1) * width)
}

/** One result for each sequence of the batch, in order. */
export function unpackSequences(unpacking: Unpacking): readonly SequenceResult[] {
  const { batch } = unpacking
  let capture = 0
  let place = 0
  let diverged = 0
  return batch.sequences.map((sequence, element) => {
    const captured = sequence.captured?.length ?? 0
    const result: SequenceResult = {
      ...unpackCaptures(unpacking, capture, captured),
      scored: unpackScored(unpacking, element, place),
      divergence: unpackDivergence(unpacking, diverged, sequence.diverging?.length ?? 0),
      factors: unpackFactors(unpacking, element),
      gradients: unpackSiteGradients(unpacking, element),
    }
    capture += captured
    place += placesOf(sequence).length
    diverged += sequence.diverging?.length ?? 0
    return result
  })
}

function unpackCaptures({ fetches, plan }: Unpacking, first: number, count: number) {
  const rows = (name: string): Rows =>
    Array.from({ length: count }, (_, index) => rowOf(fetches, name, first + index))
  const keyed = (kind: 'input' | 'output', addresses: PassPlan['inputs']) =>
    new Map(addresses.map((at) => [addressKey(at), rows(`${kind}.${addressKey(at)}`)]))
  return {
    inputs: keyed('input', plan.inputs),
    outputs: keyed('output', plan.outputs),
    residuals: new Map(plan.residuals.map((layer) => [layer, rows(`residual.${layer}`)])),
  }
}

function unpackScored(
  { fetches, batch, plan }: Unpacking,
  element: number,
  firstPlace: number,
): readonly ScoredResult[] {
  const picks = picksOf(batch)
  const nlls = fetches['nll'] === undefined ? null : floats(fetches, 'nll')
  const wants = (output: PassPlan['head'][number]): boolean => plan.head.includes(output)
  return (batch.sequences[element]?.scored ?? []).map(({ tokens }, index) => {
    const place = firstPlace + index
    return {
      nll: nlls === null ? null : nlls.slice(place * picks, place * picks + tokens.length),
      argmax: wants('argmax') ? Number(fetches['argmax']?.data[place]) : null,
      logProbabilities: wants('log-probabilities')
        ? rowOf(fetches, 'log_probabilities', place)
        : null,
      logits: wants('logits') ? rowOf(fetches, 'logits', place) : null,
    }
  })
}

const unpackDivergence = ({ fetches, plan }: Unpacking, first: number, count: number) =>
  plan.divergence === null
    ? []
    : Array.from(floats(fetches, 'divergence').subarray(first, first + count))

function unpackFactors({ fetches, batch, plan }: Unpacking, element: number) {
  const positions = batch.sequences[element]?.ids.length ?? 0
  const start = element * batch.positions
  const rows = (name: string): Float32Array => {
    const width = widthOf(fetches, name)
    return floats(fetches, name).slice(start * width, (start + positions) * width)
  }
  return new Map(
    plan.factors.map((address): [string, FactorRows] => {
      const key = addressKey(address)
      const [input, vjp] = [rows(`factor_input.${key}`), rows(`factor_vjp.${key}`)]
      return [key, { input, vjp, positions }]
    }),
  )
}

/** Gradients of the sites of one tier. @param element index in the batch where the tier is `each`, else null */
export function unpackSiteGradients(
  { fetches, batch, plan }: Unpacking,
  element: number | null,
): ReadonlyMap<string, DeltaGradient> {
  const tier = element === null ? 'shared' : 'each'
  const read = (name: string): Float32Array => {
    const all = floats(fetches, `gradient.${name}`)
    if (element === null) return all
    const size = all.length / batch.sequences.length
    return all.slice(element * size, (element + 1) * size)
  }
  return new Map(
    plan.siteGradients
      .filter((site) => site.tier === tier)
      .map((site) => [siteName(site), readGradient(site, read)]),
  )
}

function readGradient(site: DeltaSite, read: (name: string) => Float32Array): DeltaGradient {
  const { part, address } = site
  const name = siteName(site)
  return part === 'low-rank'
    ? { part, address, u: read(`${name}.U`), v: read(`${name}.V`), values: null }
    : { part, address, u: null, v: null, values: read(name) }
}
