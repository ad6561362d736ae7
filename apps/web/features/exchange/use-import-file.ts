// A file that an Imprint gave out -> the run, edit or evaluation that is in it, or why it was not taken.
import { useRef, useState } from 'react'
import { useClient, type Client } from 'urql'
import {
  ImportEditDocument,
  ImportEvaluationDocument,
  ImportRunDocument,
} from '../../graphql/generated/graphql'
import { uploadFile } from '../datasets/import/upload'
import { complaintOf, type Complaint } from '../edits/complaint'

export type ImportKind = 'run' | 'edit' | 'evaluation'

interface Answer {
  readonly error: Parameters<typeof complaintOf>[0]
  readonly payload:
    | {
        readonly thing: { readonly id: string } | null
        readonly existed: boolean | null
        readonly errors: readonly Complaint[]
      }
    | undefined
}

type Send = (client: Client, uploadId: string) => Promise<Answer>

/** Lists read again: what came in may stand in any of them. */
const CHANGES = {
  additionalTypenames: ['LensRun', 'LensRunConnection', 'EditConnection', 'EvaluationConnection'],
}

const SEND: Readonly<Record<ImportKind, Send>> = {
  run: async (client, uploadId) => {
    const { data, error } = await client
      .mutation(ImportRunDocument, { input: { uploadId } }, CHANGES)
      .toPromise()
    return { error, payload: data?.importRun }
  },
  edit: async (client, uploadId) => {
    const { data, error } = await client
      .mutation(ImportEditDocument, { input: { uploadId } }, CHANGES)
      .toPromise()
    return { error, payload: data?.importEdit }
  },
  evaluation: async (client, uploadId) => {
    const { data, error } = await client
      .mutation(ImportEvaluationDocument, { input: { uploadId } }, CHANGES)
      .toPromise()
    return { error, payload: data?.importEvaluation }
  },
}

export type Found =
  { readonly id: string; readonly existed: boolean } | { readonly complaint: Complaint }

export function useImportFile(kind: ImportKind) {
  const client = useClient()
  const [busy, setBusy] = useState(false)
  const [found, setFound] = useState<Found | null>(null)
  const latest = useRef(0)
  const take = async (file: File): Promise<Found> => {
    const sent = await uploadFile(file, () => undefined).end
    if (sent.kind === 'refused') return { complaint: sent.complaint }
    if (sent.kind === 'cancelled') return { complaint: { message: 'The file was not sent.' } }
    const { error, payload } = await SEND[kind](client, sent.upload.id)
    const complaint = complaintOf(error, payload?.errors)
    if (complaint) return { complaint }
    return payload?.thing
      ? { id: payload.thing.id, existed: payload.existed === true }
      : { complaint: { message: 'The server did not say what came in.' } }
  }
  const bring = async (file: File) => {
    const own = ++latest.current
    setBusy(true)
    setFound(null)
    const result = await take(file)
    if (own !== latest.current) return
    setFound(result)
    setBusy(false)
  }
  return { busy, found, bring: (file: File) => void bring(file), forget: () => setFound(null) }
}
