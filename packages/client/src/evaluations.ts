// Data sets, slices, evaluations and their comparison.
import { setTimeout as sleep } from 'node:timers/promises'
import { ImprintError, unwrap } from './errors.js'
import {
  AwaitEvaluationDocument,
  CompareDocument,
  CreateSliceDocument,
  DatasetsDocument,
  EvaluationsDocument,
  ImportEvaluationDocument,
  OneSliceDocument,
  SlicesDocument,
  StartEvaluationDocument,
} from './generated/graphql.js'
import type {
  ComparisonInput,
  CreateSliceInput,
  EvaluationFieldsFragment,
  EvaluationFilter,
  SliceFieldsFragment,
  StartEvaluationInput,
} from './generated/graphql.js'
import { named, repeatable } from './lens.js'
import { listOf } from './pages.js'
import type { Transport } from './transport.js'
import { endedStates, pollSeconds, untilEnd } from './waiting.js'
import type { WaitOptions } from './waiting.js'

export type Slice = SliceFieldsFragment
export type Evaluation = EvaluationFieldsFragment
const askEvery = 500

export const datasetsOf = (transport: Transport) => ({
  list: (search: string | null = null) =>
    listOf(
      async (page) => (await transport.request(DatasetsDocument, { ...page, search })).datasets,
    ),
})

export const slicesOf = (transport: Transport) => ({
  list: (datasetId: string | null = null) =>
    listOf(
      async (page) => (await transport.request(SlicesDocument, { ...page, datasetId })).slices,
    ),
  /** Its cases may have to be asked for: `wait` for them. */
  create: async (input: CreateSliceInput): Promise<Slice> => {
    const variables = { input: named(input) }
    const { createSlice } = await transport.request(CreateSliceDocument, variables, repeatable)
    return unwrap(createSlice.slice, createSlice.errors)
  },
  wait: (id: string, options: WaitOptions = {}): Promise<Slice> => {
    let asked = false
    const ask = async () => {
      if (asked) await sleep(askEvery)
      asked = true
      return (await transport.request(OneSliceDocument, { id })).slice
    }
    return untilEnd(ask, (slice) => slice, options)
  },
})

export const evaluationsOf = (transport: Transport) => {
  const ask = async (id: string, seconds: number, afterVersion: number | null, o: WaitOptions) =>
    (await transport.request(AwaitEvaluationDocument, { id, seconds, afterVersion }, o))
      .awaitEvaluation ?? null
  return {
    list: (filter: EvaluationFilter | null = null) =>
      listOf(
        async (page) =>
          (await transport.request(EvaluationsDocument, { ...page, filter })).evaluations,
      ),
    get: (id: string): Promise<Evaluation | null> => ask(id, 0, null, {}),
    start: async (input: StartEvaluationInput): Promise<Evaluation> => {
      const variables = { input: named(input) }
      const { startEvaluation: started } = await transport.request(
        StartEvaluationDocument,
        variables,
        repeatable,
      )
      return unwrap(started.evaluation, started.errors)
    },
    /** As it is, then after every change, and at its end. */
    async *follow(id: string, options: WaitOptions = {}): AsyncGenerator<Evaluation> {
      let seen: Evaluation | null = await ask(id, 0, null, options)
      for (;;) {
        if (seen === null) throw new ImprintError('NOT_FOUND', 'There is no such evaluation.')
        yield seen
        if (endedStates.has(seen.state)) return
        const { version } = seen.progress
        let next = await ask(id, pollSeconds, version, options)
        while (next !== null && next.progress.version === version && !endedStates.has(next.state))
          next = await ask(id, pollSeconds, version, options)
        seen = next
      }
    },
    /** Until its end. @throws ImprintError with the code of its failure */
    wait: (id: string, options: WaitOptions = {}): Promise<Evaluation> =>
      untilEnd(
        (seconds) => ask(id, seconds, null, options),
        (evaluation) => evaluation,
        options,
      ),
    /** Means with intervals, and paired differences of every two arms. @throws ImprintError when there is none */
    comparison: async (input: ComparisonInput) => {
      const { comparison } = await transport.request(CompareDocument, { input })
      const { refusal } = comparison
      if (refusal) throw new ImprintError(refusal.code, refusal.message, refusal)
      return comparison
    },
    export: async (id: string) =>
      (await transport.file(`/api/evaluations/${id}/evaluation.json`)).text(),
    import: async (text: string): Promise<Evaluation> => {
      const input = { uploadId: await transport.upload(text, 'evaluation.json') }
      const { importEvaluation: made } = await transport.request(ImportEvaluationDocument, {
        input,
      })
      return unwrap(made.evaluation, made.errors)
    },
  }
}
