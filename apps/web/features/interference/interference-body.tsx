'use client'
// How the approved edits of a model get in each other's way: overlap of their keys, and each under each other.
import { Problem } from '../../components/problem'
import { Ago, useTalker } from '../comments'
import { PlotFrame } from '../figures/frame/plot-frame'
import {
  HEADER,
  namesOf,
  pairRows,
  tableRows,
  worstOverlap,
  type InterferenceFacts,
} from './interference-model'
import { MapProgress } from './map-progress'
import { OverlapDrawing } from './overlap-drawing'
import { PairsTable } from './pairs-table'
import { useInterference, type Interference } from './use-interference'

const HEIGHT = 180

function Result({ map }: { readonly map: InterferenceFacts }) {
  const overlap = map.keyOverlap ?? []
  if (overlap.length < 2)
    return <p className="muted">Fewer than two edits are approved: nothing can interfere.</p>
  const names = namesOf(map)
  const rows = pairRows(map)
  return (
    <div className="interference-result" data-testid="interference-map">
      <PlotFrame
        title="Key overlap"
        name="Key overlap of approved edits"
        caption={`How much of what two edits listen to is the same: 0 nothing, 1 all; the most of two is ${worstOverlap(overlap).toFixed(2)}. Arrows move, focus says the number.`}
        fileName="key-overlap"
        height={HEIGHT}
        table={() => ({ header: [...HEADER], rows: tableRows(rows) })}
        json={() => map}
        draw={(size) => <OverlapDrawing overlap={overlap} names={names} size={size} />}
      />
      <PairsTable rows={rows} />
    </div>
  )
}

function Start({ map, live, busy, start }: Interference) {
  const talker = useTalker()
  const may = talker.may('COMPUTE')
  return (
    <button
      type="button"
      className="button small"
      disabled={!may || live || busy}
      title={may || !talker.known ? undefined : 'Computing needs the role researcher.'}
      data-testid="map-interference"
      onClick={() => void start()}
    >
      {map?.state === 'DONE' ? 'Map it again' : 'Map the approved stack'}
    </button>
  )
}

function Notes({ map }: { readonly map: InterferenceFacts }) {
  return (
    <>
      {map.state === 'DONE' && map.finishedAt && (
        <p className="muted">
          {map.edits.length} approved {map.edits.length === 1 ? 'edit' : 'edits'}, mapped{' '}
          <Ago at={map.finishedAt} />
        </p>
      )}
      {map.stale && map.state === 'DONE' && (
        <p className="notice" data-testid="interference-stale">
          <b>Stale:</b> the approved stack changed since. Map it again.
        </p>
      )}
      {map.state === 'FAILED' && (
        <Problem
          title="The map failed"
          message={map.error?.message}
          cure={map.error?.cure}
          code={map.error?.code}
        />
      )}
      {map.state === 'CANCELLED' && <p className="muted">The last map was cancelled.</p>}
    </>
  )
}

export function InterferenceBody({ modelId }: { readonly modelId: string }) {
  const interference = useInterference(modelId)
  const { map, known, live, complaint, cancel } = interference
  return (
    <section
      className="card stack-card interference"
      aria-labelledby="interference-title"
      data-testid="interference"
      data-state={map?.state.toLowerCase()}
    >
      <header className="bar">
        <h2 id="interference-title" className="grow">
          Interference
        </h2>
        <Start {...interference} />
      </header>
      {complaint && <Problem title="The map was not made" {...complaint} />}
      {known && !map && !complaint && (
        <p className="muted">Nobody has made the map of the approved edits yet.</p>
      )}
      {map && live && <MapProgress map={map} onCancel={() => void cancel()} />}
      {map && <Notes map={map} />}
      {map?.state === 'DONE' && <Result map={map} />}
    </section>
  )
}
