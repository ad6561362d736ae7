import type { ReactNode } from 'react'
import '../../styles/edits.css'
import '../../styles/plots.css'
import '../../styles/comparison.css'

export default function ReviewLayout({ children }: { readonly children: ReactNode }) {
  return children
}
