// What was refused, when something was.
import { Problem } from '../../components/problem'
import type { Complaint } from '../edits/complaint'

interface RefusedProps {
  readonly complaint: Complaint | null
  readonly title?: string
}

export function Refused({ complaint, title = 'It was refused' }: RefusedProps) {
  if (!complaint) return null
  return (
    <Problem
      title={complaint.code === 'CONFLICT' ? 'Somebody changed it meanwhile' : title}
      message={complaint.message}
      cure={complaint.cure ?? undefined}
      code={complaint.code}
    />
  )
}
