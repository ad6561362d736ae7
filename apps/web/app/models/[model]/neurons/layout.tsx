import type { ReactNode } from 'react'
import '../../../styles/edits.css'
import '../../../styles/notes.css'
import '../../../styles/neurons.css'

export default function NeuronsLayout({ children }: { readonly children: ReactNode }) {
  return children
}
