// Evaluations as tests ask for them over GraphQL, on one API and one slice.
import { expect } from 'vitest'
import { createScriptedEngine } from './scripted-engine.js'
import { eventually } from './test-api.js'
import type { TestApi } from './test-api.js'

const fields = `id name note author protocol { name metrics { name } } seed cases priority state clonedFromId canExtendTo slice { id cases } dataset { cases }
  settings { divergence generation { length topK } casesPerBatch threads provider preset }
  arms { id name place method methodTitle hyperparameters defaults receipt done failed secondsPerEdit peakBytes model { id } }
  progress { version state done total failed casesPerSecond secondsLeft workers running { cases } partial { armId metric n mean low high } }
  error { code cure } startedAt finishedAt`
const payload = `{ evaluation { ${fields} } errors { code field message cure } }`

/** Two methods on the cases of a slice. */
export const evaluationInput = ({ modelId }: TestApi, sliceId: string) => ({
  ...{ sliceId, protocol: 'counterfact' },
  arms: [
    { modelId, method: 'forward-shift' },
    { modelId, method: 'ft', name: 'ft, layer 0', hyperparameters: { layer: 0 } },
  ],
})

const declared = (variables: object): string =>
  Object.entries({ id: 'ID!', arms: '[ArmInput!]', cases: 'Int' })
    .filter(([name]) => name === 'id' || name in variables)
    .map(([name, type]) => `$${name}: ${type}`)
    .join(', ')

/** `change`: a mutation of one evaluation, `more` of its arguments, and their values. `run`: until it ends. */
export function evaluationCalls(api: TestApi, sliceId: string) {
  const start = async (changes: object = {}) => {
    const { data, errors } = await api.graphql(
      `mutation($input: StartEvaluationInput!) { startEvaluation(input: $input) ${payload} }`,
      { input: { ...evaluationInput(api, sliceId), ...changes } },
    )
    expect(errors).toBeUndefined()
    return data.startEvaluation
  }
  const started = async (changes: object = {}): Promise<string> =>
    (await start(changes)).evaluation.id
  const read = async (id: string) =>
    (await api.graphql(`query($id: ID!) { evaluation(id: $id) { ${fields} } }`, { id })).data
      .evaluation
  const change = async (mutation: string, id: string, more = '', variables: object = {}) => {
    const text = `mutation(${declared(variables)}) { ${mutation}(id: $id${more}) ${payload} }`
    const { data, errors } = await api.graphql(text, { id, ...variables })
    expect(errors).toBeUndefined()
    return data[mutation]
  }
  const ended = async (id: string) => {
    await eventually(
      () => api.database.prisma.evaluation.findUnique({ where: { id }, select: { state: true } }),
      (row) => row !== null && !['QUEUED', 'RUNNING'].includes(row.state),
    )
    return read(id)
  }
  const run = async (id: string, engine = createScriptedEngine()) => {
    const worker = await api.startWorker(engine)
    const last = await ended(id)
    await worker.stop()
    return last
  }
  return { start, started, read, change, ended, run }
}
