// The cases that are on screen, read page by page as they are scrolled to; another question starts over.
import { useCallback, useEffect, useRef, useState } from 'react'
import { useClient } from 'urql'
import {
  DatasetCasesDocument,
  type DatasetCaseFilter,
  type DatasetCasePartsFragment,
} from '../../../graphql/generated/graphql'
import { onReconnected } from '../../../graphql/connection'
import { complaintOf, type Complaint } from '../../edits/complaint'

export type DatasetCase = DatasetCasePartsFragment

const PAGE = 100

interface Loaded {
  readonly question: string
  /** null until the first page is there. */
  readonly total: number | null
  readonly pages: ReadonlyMap<number, readonly DatasetCase[]>
  readonly complaint: Complaint | null
}

const nothing = (question: string): Loaded => ({
  question,
  total: null,
  pages: new Map(),
  complaint: null,
})

export interface CaseWindow {
  readonly total: number | null
  readonly complaint: Complaint | null
  readonly caseAt: (index: number) => DatasetCase | null
  /** Reads what is missing of these rows. */
  readonly need: (first: number, end: number) => void
}

export function useCaseWindow(datasetId: string, filter: DatasetCaseFilter | null): CaseWindow {
  const client = useClient()
  const question = JSON.stringify([datasetId, filter])
  const [state, setState] = useState(() => nothing(question))
  const asked = useRef({ question: '', pages: new Set<number>() })
  const read = useCallback(
    async (page: number) => {
      if (asked.current.question !== question)
        asked.current = { question, pages: new Set<number>() }
      const { pages } = asked.current
      if (pages.has(page)) return
      pages.add(page)
      const [id, wanted] = JSON.parse(question) as [string, DatasetCaseFilter | null]
      const variables = { datasetId: id, filter: wanted, offset: page * PAGE, limit: PAGE }
      const { data, error } = await client.query(DatasetCasesDocument, variables).toPromise()
      if (asked.current.question !== question) return
      if (!data) pages.delete(page)
      setState((now) => {
        const base = now.question === question ? now : nothing(question)
        if (!data) return { ...base, complaint: complaintOf(error, undefined) }
        const { total, cases } = data.datasetCases
        return { question, total, pages: new Map(base.pages).set(page, cases), complaint: null }
      })
    },
    [client, question],
  )
  useEffect(() => {
    void read(0)
    return onReconnected(() => void read(0))
  }, [read])
  const need = useCallback(
    (first: number, end: number) => {
      for (let page = Math.floor(first / PAGE); page * PAGE < end; page++) void read(page)
    },
    [read],
  )
  const current = state.question === question
  return {
    total: current ? state.total : null,
    complaint: current ? state.complaint : null,
    caseAt: (index) =>
      current ? (state.pages.get(Math.floor(index / PAGE))?.[index % PAGE] ?? null) : null,
    need,
  }
}
