'use client'
// What is known of a layer's activations: how many runs were surveyed, what is running, and a way to start it.
import { useQuery } from 'urql'
import { Refused } from '../../annotations/refused'
import { When } from '../../../components/when'
import { NeuronRunCountDocument } from '../../../graphql/generated/graphql'
import { useTalker } from '../../comments/use-talker'
import { showCount, showDuration } from '../../lens/numbers'
import type { Survey } from './use-survey'

/** A survey reads the newest. */
const MOST_RUNS = 200

const runsInWords = (count: number): string => `${showCount(count)} ${count === 1 ? 'run' : 'runs'}`

const askInWords = (runs: number): string =>
  runs === 0 ? 'Read the words' : `Survey ${runsInWords(Math.min(runs, MOST_RUNS))}`

function Running({ survey }: { readonly survey: Survey }) {
  const now = survey.survey
  if (!now) return null
  const queued = now.state === 'QUEUED'
  return (
    <>
      <b>{queued ? 'Queued' : now.stage || 'Surveying'}</b>
      <progress
        aria-label="Runs surveyed"
        {...(!queued && now.total > 0 ? { value: now.done, max: now.total } : {})}
      />
      {now.total > 0 && (
        <span className="tabular">
          {showCount(now.done)} of {showCount(now.total)}
        </span>
      )}
      {now.secondsLeft !== null && (
        <span className="muted">about {showDuration(now.secondsLeft)} left</span>
      )}
      <button
        type="button"
        className="button small"
        disabled={survey.busy}
        data-testid="survey-cancel"
        onClick={() => void survey.cancel()}
      >
        Cancel
      </button>
    </>
  )
}

function Standing({ survey, runs }: { readonly survey: Survey; readonly runs: number | null }) {
  const now = survey.survey
  if (runs === 0)
    return (
      <span>
        This model has no finished runs yet: a survey reads words and sizes, but no activations.{' '}
        <a href="/lens">Run a prompt</a> first to have both.
      </span>
    )
  if (!now || now.state === 'CANCELLED' || now.state === 'FAILED')
    return (
      <span>
        {now?.state === 'CANCELLED' && 'The survey was cancelled. '}
        Activations and gradients are not measured in this layer yet.
      </span>
    )
  return (
    <span>
      Activations and gradients over <b className="tabular">{runsInWords(now.runs)}</b>
      <span className="muted"> ({showCount(now.tokens)} tokens)</span>
      {now.finishedAt && (
        <span className="muted">
          , surveyed <When at={now.finishedAt} />
        </span>
      )}
      {now.stale && <b className="stale"> Newer runs are not in it.</b>}
    </span>
  )
}

export function SurveyStrip({
  modelId,
  survey,
}: {
  readonly modelId: string
  readonly survey: Survey
}) {
  const talker = useTalker()
  const [{ data }] = useQuery({
    query: NeuronRunCountDocument,
    variables: { modelId },
    requestPolicy: 'cache-and-network',
  })
  const runs = data?.lensRuns.totalCount ?? null
  const now = survey.survey
  const settled = now?.state === 'DONE' && !now.stale
  const failed = now?.state === 'FAILED' ? now.error : null
  return (
    <>
      <div
        className="survey-strip"
        role="status"
        data-testid="survey"
        data-state={survey.known ? (now?.state.toLowerCase() ?? 'none') : undefined}
      >
        {survey.running ? (
          <Running survey={survey} />
        ) : (
          survey.known && runs !== null && <Standing survey={survey} runs={runs} />
        )}
        {!survey.running && survey.known && runs !== null && talker.may('COMPUTE') && (
          <button
            type="button"
            className={settled ? 'button small' : 'button small primary'}
            disabled={survey.busy}
            data-testid="survey-start"
            onClick={() => void survey.start()}
          >
            {settled ? 'Survey again' : askInWords(runs)}
          </button>
        )}
      </div>
      <Refused title="The survey failed" complaint={failed} />
      <Refused title="The survey was refused" complaint={survey.refused} />
    </>
  )
}
