// What an evaluation would take, and evaluations that repeat the tables of papers.
import type { EditLibrary } from '../../engine/edit-library.js'
import { LensEngineError } from '../../engine/engine-vocabulary.js'
import type { EvaluationLibrary, ReproductionPlan } from '../../engine/evaluation-library.js'
import { badInput } from '../../errors/input-error.js'
import { UserFailure } from '../../errors/user-failure.js'
import type { Viewer } from '../account/viewer.js'
import type { ModelService } from '../model/model.service.js'
import type { CheckedEvaluation, EvaluationChecks } from './check-evaluation.js'
import type { EvaluationEstimateRepository, Typical } from './evaluation-estimate.repository.js'
import type { StartEvaluationInput } from './evaluation.input.js'
import type { EvaluationEstimate, EvaluationPreset } from './evaluation.type.js'

export interface EstimateParts {
  readonly checks: EvaluationChecks
  readonly earlier: EvaluationEstimateRepository
  readonly models: ModelService
  readonly editLibrary: EditLibrary
  readonly evaluationLibrary: EvaluationLibrary
}

const needTexts: Readonly<Record<string, string>> = {
  'key-covariance': 'the covariance of keys over a text corpus',
  'context-templates': 'context templates sampled from the model',
  'mend-checkpoint': 'a trained editor',
}
/** Where no earlier row says. */
const assumedBytes = 4_000

export class EvaluationEstimateService {
  readonly #parts: EstimateParts

  constructor(parts: EstimateParts) {
    this.#parts = parts
  }

  /** Never throws for what a user can cure: that stands in `problems`. */
  async estimate(viewer: Viewer, input: StartEvaluationInput): Promise<EvaluationEstimate> {
    try {
      return await this.#estimate(viewer, await this.#parts.checks.check(viewer, input))
    } catch (error) {
      if (!(error instanceof UserFailure)) throw error
      const none = { edits: 0, seconds: null, bytes: null, missing: [], notes: [] }
      return { ...none, problems: [error.toUserError()] }
    }
  }

  async #estimate(viewer: Viewer, checked: CheckedEvaluation): Promise<EvaluationEstimate> {
    const { arms, cases, settings } = checked
    const generation = settings.generation !== null
    const typical = await Promise.all(
      arms.map(({ modelId, method }) =>
        this.#parts.earlier.typical(viewer.projectId, { modelId, method, generation }),
      ),
    )
    const unknown = arms.filter((_, index) => typical[index]?.seconds === null)
    const methods = [...new Set(unknown.map(({ method }) => method))]
    return {
      edits: cases * arms.length,
      seconds: unknown.length > 0 ? null : cases * sumOf(typical, ({ seconds }) => seconds ?? 0),
      bytes: cases * sumOf(typical, ({ bytes }) => bytes ?? assumedBytes),
      missing: await this.#needs(viewer, checked),
      notes:
        methods.length === 0
          ? []
          : [`Nothing is known yet of how long ${methods.join(', ')} takes on this model.`],
      problems: [],
    }
  }

  /** What methods need besides the model: what is absent is made at first use, or the evaluation says how to make it. */
  async #needs(viewer: Viewer, { arms }: CheckedEvaluation): Promise<string[]> {
    const models = await this.#parts.models.byIds(viewer, [
      ...new Set(arms.map(({ modelId }) => modelId)),
    ])
    const needed = new Set<string>()
    for (const { id, name, directory } of models) {
      const methods = new Map(
        this.#parts.editLibrary.methods(directory).map((one) => [one.name as string, one]),
      )
      for (const { modelId, method } of arms) {
        if (modelId !== id) continue
        for (const need of methods.get(method)?.needs ?? [])
          needed.add(`${method} on ${name}: ${needTexts[need] ?? need}`)
      }
    }
    return [...needed]
  }

  /** @throws BAD_USER_INPUT when there is no such model or it cannot be opened */
  async presets(viewer: Viewer, modelId: string): Promise<EvaluationPreset[]> {
    const [model] = await this.#parts.models.byIds(viewer, [modelId])
    if (model === undefined) throw badInput('There is no model with this id.', 'modelId')
    try {
      return this.#parts.evaluationLibrary.plans(model.directory).map(toPreset)
    } catch (error) {
      if (error instanceof LensEngineError) throw badInput(error.message, 'modelId')
      throw error
    }
  }
}

const sumOf = (typical: readonly Typical[], of: (one: Typical) => number): number =>
  typical.reduce((sum, one) => sum + of(one), 0)

function toPreset({
  paper,
  title,
  protocol,
  cases,
  arms,
  ...plan
}: ReproductionPlan): EvaluationPreset {
  return {
    ...{ name: paper, title, protocol, cases },
    description: plan.notes.join(' '),
    methods: [...new Set(arms.map(({ method }) => method))],
    source: plan.published.map(({ source }) => source).join('; '),
    arms: arms.map(({ name, method, hyperparameters, note }) => ({
      ...{ name, method, hyperparameters: hyperparameters ?? {}, note },
    })),
  }
}
