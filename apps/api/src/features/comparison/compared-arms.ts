// Arms of one or several evaluations -> arms with a label that no other has.
import type { ComparedArmRow, ComparedEvaluation } from './comparison.repository.js'

export interface LabelledArm extends ComparedArmRow {
  readonly evaluationName: string
  readonly label: string
}

/** Name, then model, then evaluation, as far as it takes to tell them apart. */
export function labelArms(evaluations: readonly ComparedEvaluation[]): LabelledArm[] {
  const arms = evaluations.flatMap(({ name, arms: own }) =>
    own.map((arm) => ({ ...arm, evaluationName: name })),
  )
  const manyModels = new Set(arms.map(({ modelId }) => modelId)).size > 1
  const labels: readonly ((arm: (typeof arms)[number]) => string)[] = [
    ({ name }) => name,
    ({ name, modelName }) => (manyModels ? `${name} · ${modelName}` : name),
    ({ name, modelName, evaluationName }) =>
      [name, ...(manyModels ? [modelName] : []), evaluationName].join(' · '),
    ({ name, evaluationName, evaluationId }) =>
      `${name} · ${evaluationName} · ${evaluationId.slice(-6)}`,
  ]
  return arms.map((arm) => {
    const fits = labels.find((label) => arms.filter((o) => label(o) === label(arm)).length === 1)
    return { ...arm, label: (fits ?? labels[3]!)(arm) }
  })
}
