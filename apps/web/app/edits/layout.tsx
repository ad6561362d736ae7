import type { ReactNode } from 'react'
import '../styles/edits.css'

export default function EditsLayout({ children }: { readonly children: ReactNode }) {
  return children
}
