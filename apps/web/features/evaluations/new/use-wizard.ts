// The wizard's question as state, what the server offers for it, and what is missing; the address follows a moment later.
import { useSearchParams } from 'next/navigation'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { useQuery } from 'urql'
import {
  EditMethodsDocument,
  EvaluationChoicesDocument,
  EvaluationPresetsDocument,
  EvaluationToCloneDocument,
} from '../../../graphql/generated/graphql'
import { useSlices } from '../../datasets/slices/use-slices'
import {
  chosenModels,
  resolveWizard,
  viewOfEvaluation,
  whatIsMissing,
  type Choices,
} from './wizard-model'
import { formatWizard, isFilled, parseWizard, type WizardView } from './wizard-view'

const WRITE_DELAY = 200

export type ChangeWizard = (part: Partial<WizardView>) => void

/** Makes the address say what the page shows; done before leaving it too. */
export function writeAddress(view: WizardView): void {
  const query = formatWizard(view)
  if (query !== window.location.search.slice(1))
    window.history.replaceState(null, '', query ? `?${query}` : window.location.pathname)
}

function useWizardView() {
  const params = useSearchParams()
  const [view, setView] = useState(() => parseWizard(new URLSearchParams(params.toString())))
  const change = useCallback<ChangeWizard>(
    (part) => setView((current) => ({ ...current, ...part })),
    [],
  )
  useEffect(() => {
    const timer = setTimeout(() => writeAddress(view), WRITE_DELAY)
    return () => clearTimeout(timer)
  }, [view])
  return [view, change] as const
}

/** Fills the page from the evaluation named by `from`, once. */
function useClone(view: WizardView, change: ChangeWizard) {
  const wanted = view.from !== null && !isFilled(view)
  const [{ data, error }] = useQuery({
    query: EvaluationToCloneDocument,
    variables: { id: view.from ?? '' },
    pause: !wanted,
  })
  const found = data?.evaluation
  useEffect(() => {
    if (wanted && found?.id === view.from) change(viewOfEvaluation(found))
  }, [wanted, found, view.from, change])
  const lost = wanted && (error !== undefined || (data !== undefined && data.evaluation === null))
  return { filling: wanted && !lost, lost }
}

export function useWizard() {
  const [view, change] = useWizardView()
  const { filling, lost } = useClone(view, change)
  const [offered] = useQuery({ query: EvaluationChoicesDocument })
  const list = useSlices(null)
  const allModels = useMemo(
    () => offered.data?.models.edges.map(({ node }) => node) ?? [],
    [offered.data],
  )
  const first = chosenModels(allModels, view.models)[0]
  const [methods] = useQuery({
    query: EditMethodsDocument,
    variables: { modelId: first?.id ?? '' },
    pause: first === undefined,
  })
  const [presets] = useQuery({
    query: EvaluationPresetsDocument,
    variables: { modelId: first?.id ?? '' },
    pause: first === undefined,
  })
  const choices: Choices = {
    models: allModels,
    protocols: offered.data?.protocols ?? [],
    slices: list.slices ?? [],
    methods: methods.data?.editMethods ?? [],
  }
  const resolved = resolveWizard(view, choices)
  const ready =
    offered.data !== undefined &&
    list.slices !== null &&
    (first === undefined || methods.data !== undefined) &&
    // Above everything else: what came later would push the fields away.
    (first === undefined || presets.data !== undefined || presets.error !== undefined) &&
    !filling
  return {
    view,
    change,
    choices,
    resolved,
    missing: ready ? whatIsMissing(resolved, choices) : [],
    presets: presets.data?.evaluationPresets ?? [],
    ready,
    lost,
    failure: offered.error ?? methods.error ?? list.error,
    reloadSlices: list.reload,
  }
}

export type Wizard = ReturnType<typeof useWizard>
