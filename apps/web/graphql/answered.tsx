'use client'
// Gives the answers that came with a page to its client, before any part of the page asks for them.
import type { SSRData, ssrExchange } from '@urql/core'
import { createContext, useContext, useState, type ReactNode } from 'react'
import { useHydrated } from '../components/use-hydrated'

export const AnswersContext = createContext<ReturnType<typeof ssrExchange> | null>(null)

interface AnsweredProps {
  /** null: nothing was asked ahead. */
  readonly answers: SSRData | null
  readonly children: ReactNode
}

export function Answered({ answers, children }: AnsweredProps) {
  const kept = useContext(AnswersContext)
  const hydrated = useHydrated()
  useState(() => {
    if (!hydrated && answers) kept?.restoreData(answers)
  })
  return children
}
