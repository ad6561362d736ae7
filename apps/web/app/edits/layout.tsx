import type { ReactNode } from 'react'
import '../styles/edits.css'
import '../styles/plots.css'
import '../styles/talk-pages.css'

export default function EditsLayout({ children }: { readonly children: ReactNode }) {
  return children
}
