import type { ReactNode } from 'react'
import '../styles/talk-pages.css'

export default function ActivityLayout({ children }: { readonly children: ReactNode }) {
  return children
}
