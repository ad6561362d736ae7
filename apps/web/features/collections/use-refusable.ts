// A mutation whose refusal is kept to be shown, and that says whether it was done.
import { useCallback, useState } from 'react'
import { complaintOf, type Complaint } from '../edits/complaint'

type Answer = {
  readonly error?: Parameters<typeof complaintOf>[0]
  readonly errors?: readonly Complaint[] | undefined
}

export function useRefusable() {
  const [complaint, setComplaint] = useState<Complaint | null>(null)
  const settle = useCallback((answer: Answer): boolean => {
    const refused = complaintOf(answer.error, answer.errors)
    setComplaint(refused)
    return refused === null
  }, [])
  return { complaint, setComplaint, settle }
}
