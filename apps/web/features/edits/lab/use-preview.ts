// What the edit would meet and do, asked a moment after the question stops changing.
import { useClient } from 'urql'
import { useDebouncedValue } from '../../../components/use-debounced-value'
import {
  PreviewEditDocument,
  PreviewTaskDocument,
  type CreateEditInput,
  type PreviewTaskQuery,
} from '../../../graphql/generated/graphql'
import { askTask } from '../follow-task'
import { useAnswer } from '../use-answer'

const DELAY = 500

export type PreviewTask = NonNullable<PreviewTaskQuery['editTask']>

/** null asks nothing: something is still missing. */
export function usePreview(input: CreateEditInput | null) {
  const client = useClient()
  const question = useDebouncedValue(input === null ? null : JSON.stringify(input), DELAY)
  return useAnswer<PreviewTask>(question, (onProgress) =>
    askTask<PreviewTask>(
      client,
      async () => {
        const variables = { input: JSON.parse(question ?? '{}') as CreateEditInput }
        const { data, error } = await client
          .mutation(PreviewEditDocument, variables, { automatic: true })
          .toPromise()
        return { data: data?.previewEdit, error }
      },
      async (id) => {
        const { data } = await client
          .query(PreviewTaskDocument, { id }, { requestPolicy: 'network-only' })
          .toPromise()
        return data?.editTask ?? null
      },
      onProgress,
    ),
  )
}
