'use client'
// One saved slice; one that asks a model what it knows follows its progress by itself.
import Link from 'next/link'
import { useEffect, useState } from 'react'
import { useMutation, useSubscription } from 'urql'
import { CancelSliceDocument, SliceProgressDocument } from '../../../graphql/generated/graphql'
import { showCount } from '../../lens/numbers'
import { StateBadge } from '../../runs/state-badge'
import { describeSlice, many } from '../dataset-words'
import { WriteButton } from '../../account/write-button'
import { isSliceLive, newerSlice } from './slice-model'
import type { Slice } from './use-slices'

export function useLiveSlice(known: Slice, onEnded: () => void): Slice {
  const [from] = useState(known.version)
  const [{ data }] = useSubscription({
    query: SliceProgressDocument,
    variables: { sliceId: known.id, afterVersion: Math.max(0, from - 1) },
    pause: !isSliceLive(known),
  })
  const live = newerSlice(known, data?.sliceProgress)
  const ended = isSliceLive(known) && !isSliceLive(live)
  useEffect(() => {
    if (ended) onEnded()
  }, [ended, onEnded])
  return live
}

export function SliceProgress({ slice }: { readonly slice: Slice }) {
  const [{ fetching }, cancel] = useMutation(CancelSliceDocument)
  const said =
    slice.total === null
      ? 'waiting for a worker'
      : `asked ${showCount(slice.done ?? 0)} of ${showCount(slice.total)}`
  return (
    <div className="slice-progress">
      <progress
        aria-label={`${slice.name}: ${said}`}
        {...(slice.total ? { value: slice.done ?? 0, max: slice.total } : {})}
      />
      <small className="muted tabular" role="status">
        {said}
      </small>
      <WriteButton
        verb="cancel slices"
        type="button"
        className="link"
        disabled={fetching}
        aria-label={`Cancel ${slice.name}`}
        onClick={() => void cancel({ id: slice.id })}
      >
        Cancel
      </WriteButton>
    </div>
  )
}

function Known({ slice }: { readonly slice: Slice }) {
  const { knownCounts } = slice
  if (!knownCounts) return null
  return (
    <small className="muted tabular" title={`${knownCounts.firstToken} by the first token alone`}>
      {showCount(knownCounts.known)} known of {showCount(knownCounts.tested)} asked
    </small>
  )
}

interface SliceRowProps {
  readonly slice: Slice
  readonly onEnded: () => void
  readonly onDelete: () => void
  readonly onShow: () => void
}

export function SliceRow({ slice: known, onEnded, onDelete, onShow }: SliceRowProps) {
  const slice = useLiveSlice(known, onEnded)
  const words = describeSlice(slice.definition, slice.knownBy?.name ?? null)
  return (
    <tr data-testid="slice-row" data-state={slice.state.toLowerCase()}>
      <td className="row-name">
        <button type="button" className="link" onClick={onShow} title="Set the filter as it was">
          {slice.name}
        </button>
        {words !== slice.name && <small className="muted">{words}</small>}
      </td>
      <td className="number">{slice.state === 'DONE' ? showCount(slice.cases) : '–'}</td>
      <td>
        {isSliceLive(slice) ? (
          <SliceProgress slice={slice} />
        ) : (
          <>
            <StateBadge state={slice.state} />
            {slice.state === 'FAILED' && (
              <small className="wrong" title={slice.error?.cure}>
                {slice.error?.message}
              </small>
            )}
            <Known slice={slice} />
          </>
        )}
      </td>
      <td>
        <span className="row-actions">
          {slice.state === 'DONE' && slice.cases > 0 && (
            <Link
              className="button small"
              href={`/evaluations/new?slice=${slice.id}`}
              prefetch={false}
              title={`Evaluate methods on ${many(slice.cases, 'case')}`}
            >
              Evaluate
            </Link>
          )}
          <WriteButton
            verb="delete slices"
            type="button"
            className="icon"
            aria-label={`Delete the slice ${slice.name}`}
            title="Delete"
            onClick={onDelete}
          >
            ×
          </WriteButton>
        </span>
      </td>
    </tr>
  )
}
