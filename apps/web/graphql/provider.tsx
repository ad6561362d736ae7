'use client'
// One urql client for the life of the page.
import { useState, type ReactNode } from 'react'
import { Provider } from 'urql'
import { createClient } from './client'

export function GraphqlProvider({ children }: { readonly children: ReactNode }) {
  const [client] = useState(createClient)
  return <Provider value={client}>{children}</Provider>
}
