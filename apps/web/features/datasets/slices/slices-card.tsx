'use client'
// The saved slices of a data set.
import { useState } from 'react'
import { useMutation } from 'urql'
import { ConfirmDialog } from '../../../components/confirm-dialog'
import { Problem } from '../../../components/problem'
import { DeleteSliceDocument } from '../../../graphql/generated/graphql'
import { complaintOf } from '../../edits/complaint'
import { SliceRow } from './slice-row'
import type { Slice, useSlices } from './use-slices'

const CHANGES_SLICES = { additionalTypenames: ['Slice', 'SliceConnection'] }

interface SlicesCardProps {
  readonly list: ReturnType<typeof useSlices>
  readonly onShow: (slice: Slice) => void
}

function Body({ list, onShow, onDelete }: SlicesCardProps & { onDelete: (slice: Slice) => void }) {
  const { slices, error, reload } = list
  if (error)
    return (
      <Problem
        title="The slices could not be read"
        message={error.graphQLErrors[0]?.message ?? 'The API does not answer.'}
      />
    )
  if (slices === null) return <div className="skeleton" style={{ height: 60 }} />
  if (slices.length === 0)
    return (
      <p className="none" data-testid="no-slices">
        No slice yet. Filter the cases above, or choose some by hand, and make one: evaluations run
        on slices.
      </p>
    )
  return (
    <div className="table-scroll">
      <table className="rows-table slices-table">
        <thead>
          <tr>
            <th scope="col">Slice</th>
            <th scope="col" className="number">
              Cases
            </th>
            <th scope="col">State</th>
            <th scope="col">
              <span className="hidden-text">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {slices.map((slice) => (
            <SliceRow
              key={slice.id}
              slice={slice}
              onEnded={reload}
              onShow={() => onShow(slice)}
              onDelete={() => onDelete(slice)}
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}

export function SlicesCard({ list, onShow }: SlicesCardProps) {
  const [doomed, setDoomed] = useState<Slice | null>(null)
  const [{ error, data }, remove] = useMutation(DeleteSliceDocument)
  const refused = complaintOf(error, data?.deleteSlice.errors)
  return (
    <section className="card slices-card" aria-label="Slices">
      <h2 className="card-head">Slices</h2>
      {refused && (
        <Problem
          title="The slice was not deleted"
          message={refused.message}
          cure={refused.cure}
          code={refused.code}
        />
      )}
      <Body list={list} onShow={onShow} onDelete={setDoomed} />
      <ConfirmDialog
        open={doomed !== null}
        title="Delete this slice?"
        action="Delete the slice"
        onClose={() => setDoomed(null)}
        onConfirm={() => doomed && void remove({ id: doomed.id }, CHANGES_SLICES)}
      >
        <p className="mono">{doomed?.name}</p>
        <p>The cases stay in the data set. One that evaluations use is kept.</p>
      </ConfirmDialog>
    </section>
  )
}
