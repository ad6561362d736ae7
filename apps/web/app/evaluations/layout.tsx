import type { ReactNode } from 'react'
import '../styles/edits.css'
import '../styles/datasets.css'
import '../styles/evaluations.css'

export default function EvaluationsLayout({ children }: { readonly children: ReactNode }) {
  return children
}
