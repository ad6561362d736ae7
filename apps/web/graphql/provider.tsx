'use client'
// One urql client for the life of the page.
import { useState, type ReactNode } from 'react'
import { Provider } from 'urql'
import { AnswersContext } from './answered'
import { createClient } from './client'

export function GraphqlProvider({ children }: { readonly children: ReactNode }) {
  const [{ client, answers }] = useState(createClient)
  return (
    <AnswersContext value={answers}>
      <Provider value={client}>{children}</Provider>
    </AnswersContext>
  )
}
