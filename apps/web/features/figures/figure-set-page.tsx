'use client'
// The figures of one model over one slice of prompts.
import Link from 'next/link'
import { useMutation } from 'urql'
import { Problem } from '../../components/problem'
import { When } from '../../components/when'
import { RetryFiguresDocument, type FigureSetQuery } from '../../graphql/generated/graphql'
import { complaintOf } from '../edits/complaint'
import { WriteButton } from '../account/write-button'
import { FigureProgress } from './figure-progress'
import { FigureCard } from './render/figure-card'
import { useFigures } from './use-figures'
import { useFigureSet } from './use-figure-set'

type FigureSet = NonNullable<FigureSetQuery['figureSet']>

function Ended({ set, onChanged }: { readonly set: FigureSet; readonly onChanged: () => void }) {
  const [{ fetching, data, error }, retry] = useMutation(RetryFiguresDocument)
  const refused = complaintOf(error, data?.retryFigures.errors)
  const cancelled = set.state === 'CANCELLED'
  return (
    <Problem
      title={cancelled ? 'The figures were cancelled' : 'The figures failed'}
      message={
        refused?.message ??
        set.error?.message ??
        (cancelled ? `${set.done} of ${set.prompts} prompts were done.` : undefined)
      }
      cure={refused?.cure ?? set.error?.cure}
      code={refused?.code ?? set.error?.code}
    >
      <WriteButton
        verb="draw figures"
        type="button"
        className="button small"
        disabled={fetching}
        onClick={() => void retry({ id: set.id }).then(onChanged)}
      >
        Go on
      </WriteButton>
    </Problem>
  )
}

function Head({ set }: { readonly set: FigureSet }) {
  return (
    <header className="evaluation-head">
      <h1>{set.name}</h1>
      <p className="evaluation-facts muted">
        <span>{set.model.name}</span>
        <span>{set.slice.name}</span>
        <span className="tabular">{set.prompts.toLocaleString('en-US')} prompts</span>
        {set.skipped > 0 && <span>{set.skipped} skipped</span>}
        <span>
          {set.author}, <When at={set.createdAt} />
        </span>
      </p>
    </header>
  )
}

function Contents({ set }: { readonly set: FigureSet }) {
  return (
    <nav className="figure-contents" aria-label="Figures">
      {set.figures.map(({ kind, number, title }) => (
        <a key={kind} href={`#${kind}`} title={title}>
          {number}
        </a>
      ))}
      <Link href="/figures" prefetch={false}>
        All sets
      </Link>
    </nav>
  )
}

function Gallery({ set, live }: { readonly set: FigureSet; readonly live: boolean }) {
  const figures = useFigures(set.id, set.figures)
  if (!figures) return <div className="card skeleton" style={{ height: 640 }} />
  return (
    <>
      <div className="figure-gallery">
        {set.figures.map((info) => (
          <FigureCard
            key={info.kind}
            setId={set.id}
            info={info}
            data={figures.get(info.kind) ?? null}
            live={live}
            total={set.prompts}
          />
        ))}
      </div>
      {set.receipt !== null && (
        <details className="card pad">
          <summary>Receipt: what exactly was computed</summary>
          <pre className="case-record" tabIndex={0}>
            {JSON.stringify({ settings: set.settings, receipt: set.receipt }, null, 2)}
          </pre>
        </details>
      )}
    </>
  )
}

export function FigureSetPage({ id }: { readonly id: string }) {
  const { set, live, missing, error, reload } = useFigureSet(id)
  const complaint = complaintOf(error, undefined)
  return (
    <main className="page" id="main">
      {set ? <Head set={set} /> : <h1>Figures</h1>}
      {missing && (
        <Problem
          title="There are no such figures"
          message="They were deleted, or the address is wrong."
        >
          <Link className="button small" href="/figures" prefetch={false}>
            All figures
          </Link>
        </Problem>
      )}
      {complaint && !set && <Problem title="The figures were not read" {...complaint} />}
      {!set && !missing && !complaint && <div className="card skeleton" style={{ height: 640 }} />}
      {set && (
        <>
          <Contents set={set} />
          {live && <FigureProgress set={set} onChanged={reload} />}
          {!live && set.state !== 'DONE' && <Ended set={set} onChanged={reload} />}
          <Gallery set={set} live={live} />
        </>
      )}
    </main>
  )
}
