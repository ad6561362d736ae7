// A plan -> its graph: forward through the asked layers, what is read there, the loss, and the asked gradients.
import type {
  Architecture,
  Assembly,
  Config,
  ModelShape,
} from '../../architectures/architecture.js'
import { backward } from '../../autodiff/backward.js'
import { GraphBuilder } from '../../graph/graph-builder.js'
import type { Graph, Value } from '../../graph/graph.js'
import { add, cast, exp, mul, neg, sub } from '../../ops/elementwise.js'
import { argMax, gatherRows, pickColumns } from '../../ops/indexing.js'
import { gemm } from '../../ops/matrix.js'
import { reduceSum } from '../../ops/reduction.js'
import { logSoftmax } from '../../ops/softmax.js'
import type { WeightSource } from '../../weights/weight-source.js'
import { addressKey } from '../matrix-delta.js'
import { DeltaContext } from './delta-context.js'
import {
  needsGradient,
  needsHead,
  sameAddress,
  siteName,
  type DeltaSite,
  type PassPlan,
} from './pass-plan.js'

/** What a graph is built from; a `LoadedModel` has it. */
export interface PassModel {
  readonly architecture: Architecture
  readonly config: Config
  readonly shape: ModelShape
  readonly weights: WeightSource
}

/** A pass through the model while its graph is built. */
export interface PassBuilding {
  readonly builder: GraphBuilder
  readonly assembly: Assembly
  readonly model: PassModel
  readonly plan: PassPlan
}

interface Building extends PassBuilding {
  readonly context: DeltaContext
}

/** Builds the graph of a plan; its inputs and outputs are those `pass-feeds.ts` and `pass-result.ts` name. */
export function buildPassGraph(model: PassModel, plan: PassPlan): Graph {
  const { config, shape, weights } = model
  const builder = new GraphBuilder('edit_pass')
  const { sites, vectorsAt } = plan
  const context = new DeltaContext({ builder, weights, sites, vectorsAt })
  const building = { builder, context, assembly: { context, config, shape }, model, plan }
  // The decoder comes first, so that a tied embedding has one place in the graph.
  if (needsHead(plan)) model.architecture.decoder(building.assembly)
  const residuals = addLayers(building)
  addCaptures(building, residuals)
  if (needsHead(plan)) {
    const loss = addHead(building, residuals.get(plan.throughLayer) as Value)
    if (loss !== null) addGradients(building, loss)
  }
  return builder.build()
}

/** Residual stream after each layer that runs, and before the first under its index - 1. */
export function addLayers({
  builder,
  assembly,
  model,
  plan,
}: PassBuilding): ReadonlyMap<number, Value> {
  const { architecture, shape } = model
  let residual =
    plan.fromLayer === 0
      ? architecture.embed(assembly)
      : builder.input('before', 'float32', ['rows', shape.width])
  const residuals = new Map([[plan.fromLayer - 1, residual]])
  for (let layer = plan.fromLayer; layer <= plan.throughLayer; layer++) {
    const before = residual
    residual = builder.scope(`layer${layer}`, () => architecture.block(assembly, layer, before))
    residuals.set(layer, residual)
  }
  return residuals
}

/** Input `capture_rows` int64 [captured]; outputs `input.<matrix>`, `output.<matrix>` and `residual.<layer>`. */
function addCaptures({ builder, context, plan }: Building, residuals: ReadonlyMap<number, Value>) {
  const tapAt = tapFinder(context)
  const wanted: [string, Value][] = [
    ...plan.inputs.map((at): [string, Value] => [`input.${addressKey(at)}`, tapAt(at).input]),
    ...plan.outputs.map((at): [string, Value] => [`output.${addressKey(at)}`, tapAt(at).output]),
    ...plan.residuals.map((layer): [string, Value] => [
      `residual.${layer}`,
      residuals.get(layer) as Value,
    ]),
  ]
  if (wanted.length === 0) return
  const rows = builder.input('capture_rows', 'int64', ['captured'])
  for (const [name, value] of wanted) builder.output(name, gatherRows(builder, value, rows))
}

const tapFinder = (context: DeltaContext) => (address: PassPlan['inputs'][number]) => {
  const found = context.taps.find((tap) => sameAddress(tap.address, address))
  if (found === undefined)
    throw new RangeError(`no matrix ${addressKey(address)} in the layers that run`)
  return found
}

/**
 * Inputs `score_rows` int64 [places], `score_tokens` int64 and `score_weights` float32 [places, picks]; outputs `nll`
 * [places, picks], `argmax` int32 [places], `logits` and `log_probabilities` [places, vocabulary]. Answers the loss.
 */
export function addHead(building: PassBuilding, residual: Value): Value | null {
  const { builder, assembly, model, plan } = building
  const { architecture } = model
  const rows = builder.input('score_rows', 'int64', ['places'])
  const normed = architecture.finalNorm(assembly, gatherRows(builder, residual, rows))
  const bias = architecture.decoderBias?.(assembly) ?? null
  const decoder = architecture.decoder(assembly)
  const logits = gemm(builder, normed, decoder, bias, { transposeB: true })
  const logProbabilities = logSoftmax(builder, logits)
  if (plan.head.includes('argmax')) {
    builder.output('argmax', cast(builder, argMax(builder, logits), 'int32'))
  }
  if (plan.head.includes('logits')) builder.output('logits', logits)
  if (plan.head.includes('log-probabilities')) {
    builder.output('log_probabilities', logProbabilities)
  }
  const parts = [
    ...(plan.head.includes('nll') || needsGradient(plan)
      ? [addLosses(building, logProbabilities, logits)]
      : []),
    ...(plan.divergence === null ? [] : [addDivergence(building, logProbabilities)]),
  ]
  return parts.length === 0 ? null : parts.reduce((sum, part) => add(builder, sum, part))
}

function addLosses({ builder, plan }: PassBuilding, logProbabilities: Value, logits: Value): Value {
  const tokens = builder.input('score_tokens', 'int64', ['places', 'picks'])
  const weights = builder.input('score_weights', 'float32', ['places', 'picks'])
  const nll = neg(builder, pickColumns(builder, logProbabilities, tokens))
  builder.output('nll', nll)
  const summed = plan.lossOf === 'nll' ? nll : pickColumns(builder, logits, tokens)
  return reduceSum(builder, mul(builder, summed, weights), [0, 1])
}

/**
 * Inputs `divergence_places` int64 and `divergence_weights` float32 [diverging], `divergence_base` [diverging,
 * vocabulary] log-probabilities; output `divergence` [diverging] in nats.
 */
function addDivergence({ builder, model, plan }: PassBuilding, logProbabilities: Value): Value {
  const places = builder.input('divergence_places', 'int64', ['diverging'])
  const weights = builder.input('divergence_weights', 'float32', ['diverging'])
  const base = builder.input('divergence_base', 'float32', [
    'diverging',
    model.shape.vocabularySize,
  ])
  const current = gatherRows(builder, logProbabilities, places)
  const [p, q] = plan.divergence === 'current-base' ? [current, base] : [base, current]
  const terms = mul(builder, exp(builder, p), sub(builder, p, q))
  const divergence = reduceSum(builder, terms, [1])
  builder.output('divergence', divergence)
  return reduceSum(builder, mul(builder, divergence, weights), [0])
}

/** Outputs `factor_input.<matrix>`, `factor_vjp.<matrix>` [rows, width] and `gradient.<input>`. */
function addGradients({ builder, context, plan }: Building, loss: Value): void {
  if (!needsGradient(plan)) return
  builder.output('loss', loss)
  const taps = plan.factors.map(tapFinder(context))
  const names = [
    ...plan.siteGradients.flatMap(siteInputNames),
    ...(plan.vectorGradient ? ['vectors'] : []),
  ]
  const inputs = names.map((name) => context.siteInputs.get(name) as Value)
  const gradients = backward(builder, loss, [...taps.map((tap) => tap.output), ...inputs])
  taps.forEach((tap, index) => {
    const key = addressKey(tap.address)
    builder.output(`factor_input.${key}`, tap.input)
    builder.output(`factor_vjp.${key}`, gradients[index] as Value)
  })
  names.forEach((name, index) => {
    builder.output(`gradient.${name}`, gradients[taps.length + index] as Value)
  })
}

/** Names of a site's graph inputs. */
export const siteInputNames = (site: DeltaSite): readonly string[] =>
  site.part === 'low-rank' ? [`${siteName(site)}.U`, `${siteName(site)}.V`] : [siteName(site)]
