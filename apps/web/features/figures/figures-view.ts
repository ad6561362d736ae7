// What is asked for on the page of figures <-> the address.
export interface FiguresView {
  readonly modelId: string | null
  readonly sliceId: string | null
  readonly prompts: number
  readonly smallestStep: boolean
}

/** As many as the paper. */
export const PAPER_PROMPTS = 100
export const MOST_PROMPTS = 10_000

export function parseFigures(query: URLSearchParams): FiguresView {
  const prompts = Number(query.get('prompts') ?? PAPER_PROMPTS)
  return {
    modelId: query.get('model'),
    sliceId: query.get('slice'),
    prompts:
      Number.isInteger(prompts) && prompts >= 1 && prompts <= MOST_PROMPTS
        ? prompts
        : PAPER_PROMPTS,
    smallestStep: query.get('smallest-step') === '1',
  }
}

export function formatFigures(view: FiguresView): string {
  const query = new URLSearchParams()
  if (view.modelId) query.set('model', view.modelId)
  if (view.sliceId) query.set('slice', view.sliceId)
  if (view.prompts !== PAPER_PROMPTS) query.set('prompts', String(view.prompts))
  if (view.smallestStep) query.set('smallest-step', '1')
  return query.toString()
}
