'use client'
// Which cases: a saved slice, or one that is made here.
import Link from 'next/link'
import { lazy, Suspense, useState } from 'react'
import { describeSlice, many } from '../../datasets/dataset-words'
import { SliceProgress, useLiveSlice } from '../../datasets/slices/slice-row'
import { isSliceLive } from '../../datasets/slices/slice-model'
import { showCount } from '../../lens/numbers'
import { Section } from './section'
import type { Wizard } from './use-wizard'
import type { WizardSlice } from './wizard-model'

/** Most take a slice that is there. */
const SliceMaker = lazy(async () => ({ default: (await import('./slice-maker')).SliceMaker }))

function byDataset(
  slices: readonly WizardSlice[],
): ReadonlyArray<readonly [string, readonly WizardSlice[]]> {
  const names = new Map<string, WizardSlice[]>()
  for (const slice of slices) {
    const name = `${slice.dataset.name} v${slice.dataset.version}`
    names.set(name, [...(names.get(name) ?? []), slice])
  }
  return [...names]
}

const label = ({ name, cases, state }: WizardSlice): string =>
  state === 'DONE' ? `${name} (${showCount(cases)})` : `${name}, ${state.toLowerCase()}`

function Chosen({
  slice: known,
  onEnded,
}: {
  readonly slice: WizardSlice
  readonly onEnded: () => void
}) {
  const slice = useLiveSlice(known, onEnded)
  if (isSliceLive(slice)) return <SliceProgress slice={slice} />
  return (
    <p className="muted">
      {slice.state === 'DONE'
        ? many(slice.cases, 'case')
        : (slice.error?.message ?? slice.state.toLowerCase())}
      {' of '}
      <Link href={`/datasets/${slice.dataset.id}`} prefetch={false}>
        {slice.dataset.name}
      </Link>
      : {describeSlice(slice.definition, slice.knownBy?.name ?? null)}
    </p>
  )
}

export function SliceSection({ wizard }: { readonly wizard: Wizard }) {
  const { choices, resolved, change, missing, reloadSlices, ready } = wizard
  const [making, setMaking] = useState(false)
  const { slice } = resolved
  return (
    <Section
      name="slice"
      title="Cases"
      missing={missing}
      note="the facts that are edited, one at a time"
    >
      <div className="wizard-slice">
        <select
          className="input"
          aria-label="Slice"
          data-testid="slice-choice"
          value={slice?.id ?? ''}
          onChange={(event) => change({ sliceId: event.target.value, protocol: null })}
        >
          {!slice && <option value="">{ready ? 'choose a slice' : ' '}</option>}
          {byDataset(choices.slices).map(([name, slices]) => (
            <optgroup key={name} label={name}>
              {slices.map((one) => (
                <option key={one.id} value={one.id}>
                  {label(one)}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
        <button
          type="button"
          className="button"
          aria-expanded={making}
          onClick={() => setMaking(!making)}
        >
          {making ? 'Close' : 'Make a slice'}
        </button>
      </div>
      {slice ? <Chosen key={slice.id} slice={slice} onEnded={reloadSlices} /> : <p> </p>}
      {making && (
        <Suspense fallback={<div className="skeleton" style={{ height: 240 }} />}>
          <SliceMaker
            models={choices.models}
            onMade={(made) => {
              change({ sliceId: made.id, protocol: null })
              reloadSlices()
              setMaking(false)
            }}
          />
        </Suspense>
      )}
    </Section>
  )
}
