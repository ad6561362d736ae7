// A request and its stacks of deltas -> the plan of the graph it needs: no layer more than what is read.
import { sitesOf, type JoinedStacks } from './delta-sites.js'
import { needsHead, siteName, type DeltaSite, type PassPlan } from './pass-plan.js'
import type { PassRequest } from './pass-request.js'

export function planPass(layers: number, request: PassRequest, stacks: JoinedStacks): PassPlan {
  const fromLayer = request.fromLayer ?? 0
  const wanted: PassPlan = {
    fromLayer,
    throughLayer: layers - 1,
    sites: [...sitesOf('shared', [stacks.shared]), ...sitesOf('each', stacks.each)],
    vectorsAt: request.vectors?.at ?? null,
    inputs: request.inputs ?? [],
    outputs: request.outputs ?? [],
    residuals: request.residuals ?? [],
    head: request.head ?? [],
    divergence: request.divergence ?? null,
    lossOf: request.lossOf ?? 'nll',
    factors: request.factors ?? [],
    siteGradients: request.gradients ?? [],
    vectorGradient: request.vectorGradient ?? false,
  }
  const throughLayer = needsHead(wanted) ? layers - 1 : lastLayerRead(wanted)
  const runs = ({ address }: DeltaSite): boolean =>
    address.layer >= fromLayer && address.layer <= throughLayer
  const sites = wanted.sites.filter(runs)
  checkGradientSites(wanted.siteGradients, sites)
  const vectorsAt = wanted.vectorsAt
  const keepsVectors = vectorsAt !== null && vectorsAt.layer <= throughLayer
  return { ...wanted, throughLayer, sites, vectorsAt: keepsVectors ? vectorsAt : null }
}

const lastLayerRead = ({ inputs, outputs, residuals, fromLayer }: PassPlan): number =>
  Math.max(fromLayer - 1, ...[...inputs, ...outputs].map(({ layer }) => layer), ...residuals)

/** A gradient needs a delta of that part to be fed; a zero delta will do. */
function checkGradientSites(wanted: readonly DeltaSite[], sites: readonly DeltaSite[]): void {
  const fed = new Set(sites.map(siteName))
  const missing = wanted.find((site) => !fed.has(siteName(site)))
  if (missing !== undefined) {
    throw new RangeError(`no delta is fed at ${siteName(missing)}, so it has no gradient`)
  }
}
