import type { ReactNode } from 'react'
import '../../styles/plots.css'
import '../../styles/comparison.css'

export default function ComparisonLayout({ children }: { readonly children: ReactNode }) {
  return children
}
