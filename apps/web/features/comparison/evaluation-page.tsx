'use client'
// One evaluation: what goes on while it runs, then its comparison and the text of its methods.
import Link from 'next/link'
import { useSearchParams } from 'next/navigation'
import { Tabs } from 'radix-ui'
import { useCallback, useEffect, useMemo } from 'react'
import { useQuery } from 'urql'
import { CopyText } from '../../components/copy-text'
import { Problem } from '../../components/problem'
import { useHydrated } from '../../components/use-hydrated'
import { onReconnected } from '../../graphql/connection'
import {
  ComparedEvaluationDocument,
  type ComparedEvaluationQuery,
  type TalkAnchorFragment,
} from '../../graphql/generated/graphql'
import { evaluationAnchor } from '../comments/anchors'
import { ChartPage } from '../comments/chart/chart-talk'
import { CommentsButton } from '../comments/comments-button'
import { sumMarkers, useMarkers } from '../comments/use-markers'
import { complaintOf } from '../edits/complaint'
import { LivePanel } from '../evaluations/live/live-panel'
import { RequestReview } from '../reviews'
import { CompareMenu } from './compare-menu'
import { ComparisonBody } from './comparison-body'
import type { ComparisonView, Tab } from './comparison-view'
import { ExportMenu } from './export-menu'
import { MethodsText } from './methods-text'
import { Refusal } from './refusal'
import type { ComparedIds } from './comparison-input'
import { useComparison, type OpenComparison } from './use-comparison'
import { useComparisonView, type ChangeView } from './use-comparison-view'
import { useSoughtChart } from './use-sought-chart'

type Evaluation = NonNullable<ComparedEvaluationQuery['evaluation']>

const LIVE = new Set(['QUEUED', 'RUNNING', 'PAUSED'])
const isLive = ({ state }: Evaluation): boolean => LIVE.has(state)

export function Waiting() {
  return (
    <div className="card skeleton" style={{ height: 640 }} aria-label="Reading the comparison" />
  )
}

function Facts({ evaluation }: { readonly evaluation: Evaluation }) {
  const { protocol, seed, slice, arms } = evaluation
  const models = [...new Set(arms.map(({ model }) => model.name))]
  return (
    <p className="evaluation-facts muted">
      <span>{models.join(', ')}</span>
      <span>{protocol.title}</span>
      <span>{slice.name}</span>
      <span>seed {seed}</span>
    </p>
  )
}

function useEvaluation(id: string) {
  const [{ data, error, fetching }, execute] = useQuery({
    query: ComparedEvaluationDocument,
    variables: { id },
    requestPolicy: 'cache-and-network',
  })
  const reload = useCallback(() => execute({ requestPolicy: 'network-only' }), [execute])
  useEffect(() => onReconnected(reload), [reload])
  const missing = data !== undefined && data.evaluation === null && !fetching
  return {
    evaluation: data?.evaluation ?? null,
    complaint: complaintOf(error, undefined),
    missing,
    reload,
  }
}

function Missing() {
  return (
    <Problem title="There is no such evaluation" message="It was deleted, or the address is wrong.">
      <Link className="button small" href="/evaluations" prefetch={false}>
        All evaluations
      </Link>
    </Problem>
  )
}

interface EvaluationTalkProps {
  readonly evaluation: Evaluation
  readonly change: ChangeView
  readonly seek: (chart: string) => void
}

/** What people say about it and its parts, and the way to a review. */
function EvaluationTalk({ evaluation: { id, name }, change, seek }: EvaluationTalkProps) {
  const anchor = useMemo(() => evaluationAnchor(id), [id])
  const counted = sumMarkers(useMarkers(anchor))
  const ofCase = useSearchParams().get('case') !== null
  const jump = (place: TalkAnchorFragment) => {
    if (place.kind === 'CASE') change({ tab: 'results', open: place.caseIndex })
    else change({ tab: 'results' })
    if (place.kind === 'CHART' && place.chart) seek(place.chart)
  }
  return (
    <>
      <CommentsButton
        anchor={anchor}
        counted={counted}
        about="this evaluation"
        onJump={jump}
        showsLinked={!ofCase}
      />
      <RequestReview subjectKind="EVALUATION" subjectId={id} title={name} />
    </>
  )
}

interface ResultsProps {
  readonly evaluation: Evaluation
  readonly ids: ComparedIds
  readonly open: OpenComparison
  readonly shown: readonly [ComparisonView, ChangeView, string]
}

function Results({ evaluation, ids, open, shown }: ResultsProps) {
  const [view, change, address] = shown
  const { comparison, complaint } = open
  const { seek, ...chart } = useSoughtChart(comparison, change)
  const again = isLive(evaluation) ? evaluation.progress.version : 0
  const texts = [{ id: evaluation.id, name: evaluation.name, text: evaluation.methodsText }]
  return (
    <Tabs.Root
      value={view.tab}
      onValueChange={(tab) => change({ tab: tab as Tab })}
      className="comparison"
    >
      <div className="bar tabs-bar">
        <Tabs.List className="tabs grow" aria-label="Parts of the evaluation">
          <Tabs.Trigger value="results">Comparison</Tabs.Trigger>
          <Tabs.Trigger value="methods">Methods, in words</Tabs.Trigger>
        </Tabs.List>
        <EvaluationTalk {...{ evaluation, change, seek }} />
        <CompareMenu ids={ids} protocol={evaluation.protocol.name} />
        <CopyText
          text={typeof window === 'undefined' ? address : window.location.origin + address}
          label="Share"
        />
        <ExportMenu
          ids={ids}
          view={view}
          exports={evaluation.exports}
          whole={evaluation.state === 'DONE' && ids.length === 1 ? evaluation.id : null}
        />
      </div>
      <Tabs.Content value="results" className="comparison-tab">
        {complaint && !comparison && <Problem title="The comparison was not read" {...complaint} />}
        {!comparison && !complaint && <Waiting />}
        {comparison?.refusal && <Refusal refusal={comparison.refusal} />}
        {comparison && !comparison.refusal && (
          <ChartPage
            page={`/evaluations/${evaluation.id}`}
            anchor={evaluationAnchor(evaluation.id)}
            {...chart}
          >
            <ComparisonBody {...{ ids, comparison, view, change, address, again }} />
          </ChartPage>
        )}
      </Tabs.Content>
      <Tabs.Content value="methods" className="comparison-tab">
        <MethodsText texts={texts} />
      </Tabs.Content>
    </Tabs.Root>
  )
}

export function EvaluationPage({ id }: { readonly id: string }) {
  const { evaluation, complaint, missing, reload } = useEvaluation(id)
  const ids = useMemo(() => [id], [id])
  const shown = useComparisonView(null)
  const open = useComparison(ids, shown[0], evaluation !== null && isLive(evaluation))
  const { reload: count } = open
  const moved = useCallback(() => {
    reload()
    count()
  }, [reload, count])
  const alive = useHydrated()
  return (
    <main className="page" id="main" inert={!alive}>
      <header className="evaluation-head">
        <h1>{evaluation?.name ?? (missing ? 'Evaluation' : ' ')}</h1>
        {evaluation ? <Facts evaluation={evaluation} /> : <p className="evaluation-facts"> </p>}
      </header>
      {missing && <Missing />}
      {complaint && !evaluation && <Problem title="The evaluation was not read" {...complaint} />}
      {!evaluation && !missing && !complaint && <Waiting />}
      {evaluation && (
        <LivePanel
          evaluationId={id}
          onEnded={moved}
          results={<Results {...{ evaluation, ids, open, shown }} />}
        />
      )}
    </main>
  )
}
