// The neurons that are on screen, read page by page along the cursors as they are scrolled to.
import { useCallback, useEffect, useRef, useState } from 'react'
import { useClient } from 'urql'
import {
  NeuronsDocument,
  type NeuronRowPartsFragment,
  type NeuronsQueryVariables,
} from '../../../graphql/generated/graphql'
import { onReconnected } from '../../../graphql/connection'
import { complaintOf, type Complaint } from '../../edits/complaint'
import { neuronVariables, PAGE, type TableView } from './table-view'

export interface NeuronWindow {
  /** null until the first page is there. */
  readonly total: number | null
  readonly rows: readonly NeuronRowPartsFragment[]
  readonly complaint: Complaint | null
  /** Reads on until this many rows are there. */
  readonly need: (end: number) => void
  readonly reload: () => void
}

interface Loaded {
  readonly question: string
  readonly total: number | null
  readonly rows: readonly NeuronRowPartsFragment[]
  readonly complaint: Complaint | null
}

const nothing = (question: string): Loaded => ({ question, total: null, rows: [], complaint: null })

interface Reading {
  question: string
  wanted: number
  have: number
  after: string | null
  ended: boolean
  busy: boolean
}

const start = (question: string): Reading => ({
  question,
  wanted: PAGE,
  have: 0,
  after: null,
  ended: false,
  busy: false,
})

export function useNeuronWindow(modelId: string, layer: number, view: TableView): NeuronWindow {
  const client = useClient()
  const [round, setRound] = useState(0)
  const asked = JSON.stringify(neuronVariables(modelId, layer, view))
  const question = `${round} ${asked}`
  const [state, setState] = useState(() => nothing(question))
  const reading = useRef(start(''))
  const read = useCallback(async () => {
    if (reading.current.question !== question) reading.current = start(question)
    const now = reading.current
    if (now.busy) return
    now.busy = true
    while (!now.ended && now.have < now.wanted && reading.current === now) {
      const variables = JSON.parse(asked) as NeuronsQueryVariables
      const { data, error } = await client
        .query(
          NeuronsDocument,
          { ...variables, first: PAGE, after: now.after },
          { requestPolicy: 'network-only' },
        )
        .toPromise()
      if (reading.current !== now) return
      if (!data) {
        const complaint = complaintOf(error, undefined)
        setState((old) => ({ ...(old.question === question ? old : nothing(question)), complaint }))
        break
      }
      const { edges, pageInfo, totalCount } = data.neurons
      now.have += edges.length
      now.after = pageInfo.endCursor ?? null
      now.ended = !pageInfo.hasNextPage
      const more = edges.map(({ node }) => node)
      setState((old) => ({
        question,
        total: totalCount,
        rows: old.question === question ? [...old.rows, ...more] : more,
        complaint: null,
      }))
    }
    now.busy = false
  }, [client, question, asked])
  useEffect(() => {
    void read()
    return onReconnected(() => void read())
  }, [read])
  const need = useCallback(
    (end: number) => {
      if (reading.current.question === question)
        reading.current.wanted = Math.max(reading.current.wanted, end)
      void read()
    },
    [read, question],
  )
  const reload = useCallback(() => setRound((now) => now + 1), [])
  // What was there stays in view while the next is asked, so that the table does not flash.
  const shown = state.question === question || state.question.endsWith(asked) ? state : nothing('')
  return { ...shown, need, reload }
}
