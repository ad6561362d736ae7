import type { ReactNode } from 'react'
import '../styles/account.css'

export default function TeamLayout({ children }: { readonly children: ReactNode }) {
  return children
}
