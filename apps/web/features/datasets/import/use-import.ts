// From a chosen file, path or address to an import that is under way.
import { useCallback, useRef, useState } from 'react'
import { useMutation } from 'urql'
import { ImportDatasetDocument } from '../../../graphql/generated/graphql'
import { complaintOf, type Complaint } from '../../edits/complaint'
import { nameOfSource } from './import-facts'
import { uploadFile, type Upload } from './upload'

export interface Sending {
  readonly name: string
  readonly sent: number
  readonly total: number
}

const newRequest = () => `${Date.now()}-${Math.random().toString(36).slice(2)}`

export interface ImportActions {
  readonly sending: Sending | null
  readonly complaint: Complaint | null
  readonly busy: boolean
  readonly sendFile: (file: File, name: string) => Promise<boolean>
  readonly importSource: (source: string, name: string) => Promise<boolean>
  readonly cancelUpload: () => void
  readonly forget: () => void
}

export function useImport(onStarted: () => void): ImportActions {
  const [sending, setSending] = useState<Sending | null>(null)
  const [complaint, setComplaint] = useState<Complaint | null>(null)
  const [{ fetching }, start] = useMutation(ImportDatasetDocument)
  const upload = useRef<Upload | null>(null)
  const importSource = useCallback(
    async (source: string, name: string) => {
      const input = { source, name: name.trim() || null, clientMutationId: newRequest() }
      const { data, error } = await start({ input })
      const refused = complaintOf(error, data?.importDataset.errors)
      setComplaint(refused)
      if (!refused) onStarted()
      return refused === null
    },
    [start, onStarted],
  )
  const sendFile = useCallback(
    async (file: File, name: string) => {
      setComplaint(null)
      setSending({ name: file.name, sent: 0, total: file.size })
      upload.current = uploadFile(file, (sent) =>
        setSending({ name: file.name, sent, total: file.size }),
      )
      const end = await upload.current.end
      upload.current = null
      setSending(null)
      if (end.kind === 'refused') setComplaint(end.complaint)
      if (end.kind !== 'sent') return false
      return importSource(`upload:${end.upload.id}`, name.trim() || nameOfSource(file.name))
    },
    [importSource],
  )
  return {
    sending,
    complaint,
    busy: fetching || sending !== null,
    sendFile,
    importSource,
    cancelUpload: () => upload.current?.cancel(),
    forget: () => setComplaint(null),
  }
}
