'use client'
// The lens on the prompt of an edit: on the model under the edits below it, and with the edit on top.
import { useRouter } from 'next/navigation'
import { useMutation } from 'urql'
import { StartLensRunDocument } from '../../../graphql/generated/graphql'
import { complaintOf, type Complaint } from '../complaint'
import { joinPrompt } from '../edit-words'
import { WriteButton } from '../../account/write-button'
import type { EditFacts } from './effect-model'

interface LensButtonsProps {
  readonly edit: EditFacts
  readonly onRefused: (complaint: Complaint | null) => void
}

export function LensButtons({ edit, onRefused }: LensButtonsProps) {
  const router = useRouter()
  const [{ fetching }, start] = useMutation(StartLensRunDocument)
  const [request] = edit.requests
  if (!request) return null
  const open = async (editIds: readonly string[]) => {
    const input = {
      modelId: edit.model.id,
      promptText: joinPrompt(request.prompt, request.subject),
      targetText: request.target,
      editIds: [...editIds],
    }
    const result = await start({ input })
    const complaint = complaintOf(result.error, result.data?.createLensRun.errors)
    onRefused(complaint)
    const run = result.data?.createLensRun.run
    if (run) router.push(`/lens?run=${run.id}`)
  }
  const sides = [
    ['before', edit.onTopOf],
    ['after', [...edit.onTopOf, edit.id]],
  ] as const
  return (
    <span className="joined" role="group" aria-label="Open in the lens">
      {sides.map(([side, editIds]) => (
        <WriteButton
          verb="run"
          key={side}
          type="button"
          className="button small"
          disabled={fetching}
          title={`Read the gradient of this request ${side} the edit`}
          onClick={() => void open(editIds)}
        >
          Lens {side}
        </WriteButton>
      ))}
    </span>
  )
}
