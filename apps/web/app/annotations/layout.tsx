import type { ReactNode } from 'react'
import '../styles/edits.css'
import '../styles/notes.css'

export default function AnnotationsLayout({ children }: { readonly children: ReactNode }) {
  return children
}
