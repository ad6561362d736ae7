// The rows of the table of cases as they scroll into view. Rows of the question before stay until the first new ones are there.
import { useEffect, useRef, useState } from 'react'
import { useClient } from 'urql'
import {
  ComparisonCasesDocument,
  type CaseSort,
  type ComparisonInput,
} from '../../../graphql/generated/graphql'
import { complaintOf, type Complaint } from '../../edits/complaint'
import { addRows, EMPTY_WINDOWS, WINDOW, windowsOf, type Windows } from './case-windows'

interface State {
  readonly question: string
  readonly windows: Windows
}

export interface CaseRows extends Windows {
  /** Whether the rows belong to the question asked now. */
  readonly fresh: boolean
  readonly complaint: Complaint | null
}

export interface Stretch {
  readonly first: number
  readonly last: number
}

/** `again`: changes when there may be new rows. */
export function useCaseWindows(
  input: ComparisonInput,
  sort: CaseSort | null,
  stretch: Stretch,
  again: number,
): CaseRows {
  const client = useClient()
  const question = JSON.stringify([input, sort, again])
  const [state, setState] = useState<State>({ question: '', windows: EMPTY_WINDOWS })
  const [complaint, setComplaint] = useState<Complaint | null>(null)
  const asked = useRef({ question: '', windows: new Set<number>() })
  const fresh = state.question === question
  const total = fresh ? (state.windows.total ?? WINDOW) : WINDOW
  const first = fresh ? stretch.first : 0
  const last = fresh ? stretch.last : 0
  useEffect(() => {
    if (asked.current.question !== question) asked.current = { question, windows: new Set() }
    const [variables, order] = JSON.parse(question) as [ComparisonInput, CaseSort | null]
    const fetchWindow = async (index: number) => {
      const { data, error } = await client
        .query(
          ComparisonCasesDocument,
          { input: variables, sort: order, offset: index * WINDOW, limit: WINDOW },
          { requestPolicy: 'network-only' },
        )
        .toPromise()
      if (asked.current.question !== question) return
      setComplaint(complaintOf(error, undefined))
      if (!data) return void asked.current.windows.delete(index)
      const { rows, total: found } = data.comparisonCases
      setState((current) => ({
        question,
        windows: addRows(
          current.question === question ? current.windows : EMPTY_WINDOWS,
          index,
          rows,
          found,
        ),
      }))
    }
    for (const index of windowsOf(first, last, total)) {
      if (asked.current.windows.has(index)) continue
      asked.current.windows.add(index)
      void fetchWindow(index)
    }
  }, [client, question, first, last, total])
  return { ...state.windows, fresh, complaint }
}
