// The stack of a model: what is applied, and the one way to change it.
import { useCallback, useState } from 'react'
import { useMutation, useQuery } from 'urql'
import { EditStackDocument, SetEditStackDocument } from '../../../graphql/generated/graphql'
import { complaintOf, type Complaint } from '../complaint'

/** A list of edits and an edit show whether they are applied. */
const CHANGES_STACK = { additionalTypenames: ['Edit', 'EditConnection', 'EditStack'] }

export type AppliedEdit = NonNullable<ReturnType<typeof useStack>['stored']>[number]

export function useStack(modelId: string | null) {
  const [{ data, error, fetching }, refetch] = useQuery({
    query: EditStackDocument,
    variables: { modelId: modelId ?? '' },
    pause: modelId === null,
    requestPolicy: 'cache-and-network',
  })
  const [change, setStack] = useMutation(SetEditStackDocument)
  const [complaint, setComplaint] = useState<Complaint | null>(null)
  const stored = data?.editStack.modelId === modelId ? data?.editStack.edits : undefined
  const reload = useCallback(() => {
    setComplaint(null)
    refetch({ requestPolicy: 'network-only' })
  }, [refetch])
  const apply = async (editIds: readonly string[]): Promise<boolean> => {
    if (modelId === null || !stored) return false
    const expected = stored.map(({ id }) => id)
    const result = await setStack({ modelId, editIds: [...editIds], expected }, CHANGES_STACK)
    const refused = complaintOf(result.error, result.data?.setEditStack.errors)
    setComplaint(refused)
    return refused === null
  }
  return {
    stored: stored ?? null,
    loading: fetching && !stored,
    error,
    applying: change.fetching,
    complaint,
    apply,
    reload,
  }
}
