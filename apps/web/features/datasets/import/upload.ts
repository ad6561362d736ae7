// Sends a file to the server and tells how far it is. XMLHttpRequest, because fetch does not report what was sent.
import type { Complaint } from '../../edits/complaint'

export interface Uploaded {
  readonly id: string
  readonly bytes: number
  readonly digest: string
}

export type UploadEnd =
  | { readonly kind: 'sent'; readonly upload: Uploaded }
  | { readonly kind: 'refused'; readonly complaint: Complaint }
  | { readonly kind: 'cancelled' }

interface Answer extends Partial<Uploaded> {
  readonly error?: Partial<Complaint>
  readonly code?: string
  readonly message?: string
  readonly cure?: string
  readonly errors?: readonly {
    readonly message?: string
    readonly extensions?: { readonly code?: string; readonly cure?: string }
  }[]
}

const LOST: Complaint = {
  message: 'The connection was lost while the file was sent.',
  cure: 'Nothing was stored: choose the file again.',
}

/** What the server said about a file it did not take. */
export function complaintOfAnswer(status: number, answer: Answer | null): Complaint {
  const first = answer?.errors?.[0]
  const said = answer?.error ?? (first ? { ...first.extensions, message: first.message } : answer)
  return {
    message: said?.message ?? `The server did not take the file (status ${status}).`,
    cure: said?.cure ?? 'Try again, or put the file on the server and give its path.',
    code: said?.code,
  }
}

const parse = (text: string): Answer | null => {
  try {
    return JSON.parse(text) as Answer
  } catch {
    return null
  }
}

const isUploaded = (answer: Answer | null): answer is Uploaded => typeof answer?.id === 'string'

export interface Upload {
  readonly end: Promise<UploadEnd>
  readonly cancel: () => void
}

export function uploadFile(file: File, onSent: (bytes: number) => void): Upload {
  const request = new XMLHttpRequest()
  const end = new Promise<UploadEnd>((resolve) => {
    request.upload.onprogress = ({ loaded }) => onSent(loaded)
    request.onabort = () => resolve({ kind: 'cancelled' })
    request.onerror = () => resolve({ kind: 'refused', complaint: LOST })
    request.onload = () => {
      const answer = parse(request.responseText)
      resolve(
        request.status === 201 && isUploaded(answer)
          ? { kind: 'sent', upload: answer }
          : { kind: 'refused', complaint: complaintOfAnswer(request.status, answer) },
      )
    }
  })
  request.open('POST', `/api/uploads?name=${encodeURIComponent(file.name)}`)
  request.setRequestHeader('Content-Type', 'application/octet-stream')
  request.setRequestHeader('x-imprint-upload', '1')
  request.send(file)
  return { end, cancel: () => request.abort() }
}
