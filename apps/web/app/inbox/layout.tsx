import type { ReactNode } from 'react'
import '../styles/talk-pages.css'

export default function InboxLayout({ children }: { readonly children: ReactNode }) {
  return children
}
