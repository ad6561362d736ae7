'use client'
// Asks before an evaluation and its rows are deleted, or before it is cancelled.
import { ConfirmDialog } from '../../components/confirm-dialog'

interface DeleteDialogProps {
  readonly name: string | null
  readonly onClose: () => void
  readonly onConfirm: () => void
}

export function DeleteEvaluationDialog({ name, onClose, onConfirm }: DeleteDialogProps) {
  return (
    <ConfirmDialog
      open={name !== null}
      title="Delete this evaluation?"
      action="Delete the evaluation"
      onClose={onClose}
      onConfirm={onConfirm}
    >
      <p className="mono">{name}</p>
      <p>
        All its rows go with it, and links to it stop working. Its slice and data set stay. Export
        the rows first if you may need them.
      </p>
    </ConfirmDialog>
  )
}
