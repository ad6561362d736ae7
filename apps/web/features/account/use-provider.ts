'use client'
// Asks the API where a provider is and sends the browser there, to sign in or to link it.
import { useEffect, useState } from 'react'
import type { Complaint } from '../edits/complaint'

type Purpose = 'sign-in/social' | 'link-social'

interface Question {
  readonly provider: string
  readonly callbackURL?: string
}

interface Answer {
  readonly url?: string
  readonly message?: string
  readonly cure?: string
  readonly code?: string
}

const silent: Complaint = {
  message: 'The API does not answer.',
  cure: 'Try again when the connection is back.',
}

export function useProvider(purpose: Purpose) {
  const [leaving, setLeaving] = useState<string | null>(null)
  useEffect(() => {
    // Whoever comes back by the browser's button finds the page as it was left.
    const stay = () => setLeaving(null)
    window.addEventListener('pageshow', stay)
    return () => window.removeEventListener('pageshow', stay)
  }, [])
  /** null when the browser is on its way. */
  const goTo = async (question: Question): Promise<Complaint | null> => {
    setLeaving(question.provider)
    const { url, message, ...more } = await ask(purpose, question).catch((): Answer => ({}))
    if (url !== undefined) {
      window.location.assign(url)
      return null
    }
    setLeaving(null)
    return message === undefined ? silent : { message, ...more }
  }
  return { leaving, goTo }
}

async function ask(purpose: Purpose, question: Question): Promise<Answer> {
  const answer = await fetch(`/api/auth/${purpose}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(question),
  })
  return (await answer.json()) as Answer
}
