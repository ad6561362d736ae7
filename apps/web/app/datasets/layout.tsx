import type { ReactNode } from 'react'
import '../styles/edits.css'
import '../styles/datasets.css'

export default function DatasetsLayout({ children }: { readonly children: ReactNode }) {
  return children
}
