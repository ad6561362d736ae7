import type { ReactNode } from 'react'
import '../styles/edits.css'
import '../styles/datasets.css'
import '../styles/evaluations.css'

export default function WorkersLayout({ children }: { readonly children: ReactNode }) {
  return children
}
