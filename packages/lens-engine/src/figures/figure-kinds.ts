// The figures of Backward Lens over many prompts: their names, what they show and what the paper found.
import type { FigureKind } from './figure-data.js'

export interface FigureKindInfo {
  readonly kind: FigureKind
  /** In the paper. */
  readonly number: string
  readonly title: string
  readonly caption: string
  /** What the paper reports. */
  readonly lookFor: string
}

/** In the order of the paper. */
export const figureKinds: readonly FigureKindInfo[] = [
  {
    kind: 'gradient-rank',
    number: 'Fig. 3',
    title: 'Rank of the gradient of mlp.up',
    caption:
      'Numerical rank of the gradient of mlp.up (FF1) by layer, one line for each length of the prompt. Layers run from 0, the first, to 1, the last.',
    lookFor:
      'The rank equals the number of tokens in at least 98.5% of prompts and layers, except in the last layer, where it is 1.',
  },
  {
    kind: 'projection-table',
    number: 'Fig. 4',
    title: 'What the VJPs of mlp.down say, token by token',
    caption:
      'For one prompt, the least probable token of each VJP of mlp.down through the logit lens; the colour is the norm of the VJP. The update subtracts the gradient, so it writes these tokens.',
    lookFor: 'At the last token the target is the least probable one in almost every layer.',
  },
  {
    kind: 'norms-by-segment',
    number: 'Fig. 5',
    title: 'Norm of the VJP of mlp.down by layer and part of the prompt',
    caption:
      'Mean norm of delta_i of mlp.down (FF2) over the positions of each part of the prompt, then over prompts.',
    lookFor:
      'Large for subject tokens in the first quarter of the layers and for the last prompt token around the second quarter; close to zero elsewhere (GPT2-xl).',
  },
  {
    kind: 'target-rank-by-segment',
    number: 'Fig. 6',
    title: 'Rank of the target in the VJP of mlp.down',
    caption:
      'Mean rank of the target when delta_i of mlp.down passes through the logit lens; 0 is the most probable token, the top of the axis the least probable one.',
    lookFor:
      'The last token has the target close to the very end in nearly all layers, worse only in the first and the last ones (GPT2-xl).',
  },
  {
    kind: 'submodule-norms',
    number: 'Fig. 16',
    title: 'Norm of the VJPs of every matrix',
    caption: 'Mean norm of delta_i by matrix, part of the prompt and layer; logarithmic colours.',
    lookFor: 'The pattern of mlp.down returns in the other matrices, at other scales.',
  },
  {
    kind: 'input-norms',
    number: 'Fig. 17',
    title: 'Norm of the inputs of every matrix',
    caption:
      'Mean norm of x_i by matrix, part of the prompt and layer; logarithmic colours. Matrices that read the same vector share a row.',
    lookFor:
      'The inputs differ far less between parts of the prompt than the VJPs do, so the VJPs decide where a gradient writes.',
  },
  {
    kind: 'ranks-normalized-layer',
    number: 'Fig. 18-19',
    title: 'Rank of the target and of the answer at the last token, models side by side',
    caption:
      "Mean rank in delta_n of mlp.down at the last token, of the target (solid) and of the model's own answer (dashed), as a share of the vocabulary; 1 is the least probable token. Layers run from 0, the first, to 1, the last.",
    lookFor:
      'The target stays close to 1 in all models; the answer is closer to 0, because the update takes its probability away.',
  },
  {
    kind: 'answer-ranks',
    number: 'Fig. 20-22',
    title: 'Rank of the answer and of the target in the inputs of mlp.up',
    caption:
      "Mean rank in x_i of mlp.up through the logit lens, of the model's own answer and of the target; 0 is the most probable token.",
    lookFor:
      'Towards the last layers the answer becomes the most probable token of x_n: what the update imprints is close to what the model says.',
  },
  {
    kind: 'vjp-cosine',
    number: 'Fig. 23',
    title: "Cosine between the last token's VJPs of two layers",
    caption: 'Mean cosine of delta_n of mlp.down between every two layers.',
    lookFor:
      'Above 0.7 across ten neighbouring layers, and still above 0.08 between the first and the last one (GPT2-xl).',
  },
  {
    kind: 'smallest-step',
    number: 'Fig. 26',
    title: 'Smallest step of a successful edit by layer',
    caption:
      'Geometric mean over prompts of the smallest step at which one change of mlp.down in this layer alone makes the target the most probable token.',
    lookFor:
      'The paper compares the forward shift with single steps of SGD and Adam; late layers need the smallest steps of the forward shift.',
  },
]

/** @throws RangeError for a name that is none of `figureKinds` */
export function figureInfo(kind: FigureKind): FigureKindInfo {
  const found = figureKinds.find((one) => one.kind === kind)
  if (found === undefined) throw new RangeError(`no figure is called ${kind}`)
  return found
}
