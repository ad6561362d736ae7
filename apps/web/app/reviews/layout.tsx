import type { ReactNode } from 'react'
import '../styles/talk-pages.css'

export default function ReviewsLayout({ children }: { readonly children: ReactNode }) {
  return children
}
