import type { ReactNode } from 'react'
import '../styles/edits.css'
import '../styles/plots.css'
import '../styles/comparison.css'
import '../styles/gallery.css'

export default function FiguresLayout({ children }: { readonly children: ReactNode }) {
  return children
}
