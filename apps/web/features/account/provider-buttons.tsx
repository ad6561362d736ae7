'use client'
// One button for each other way to sign in that this server was set up with, and why the last try by one failed.
import { useSearchParams } from 'next/navigation'
import { useState } from 'react'
import { Problem } from '../../components/problem'
import type { Complaint } from '../edits/complaint'
import { providerName, reasonOf } from './provider-reasons'
import { useProvider } from './use-provider'

/** Why the last way back from a provider failed, as the page's address says. */
export function useLastTry(): Complaint | null {
  const said = useSearchParams().get('error')
  return said === null ? null : reasonOf(said)
}

export function ProviderProblem({ complaint }: { readonly complaint: Complaint }) {
  return <Problem title={complaint.message} cure={complaint.cure} code={complaint.code} />
}

interface ProviderButtonsProps {
  readonly providers: readonly string[]
  readonly next: string
}

export function ProviderButtons({ providers, next }: ProviderButtonsProps) {
  const { leaving, goTo } = useProvider('sign-in/social')
  const [failed, setFailed] = useState<Complaint | null>(null)
  const lastTry = useLastTry()
  const others = providers.filter((provider) => provider !== 'password')
  if (others.length === 0) return null
  const leave = async (provider: string) => {
    setFailed(null)
    setFailed(await goTo({ provider, callbackURL: next }))
  }
  return (
    <div className="providers">
      {lastTry && !leaving && !failed && <ProviderProblem complaint={lastTry} />}
      {others.map((provider) => (
        <button
          key={provider}
          type="button"
          className="button"
          disabled={leaving !== null}
          onClick={() => void leave(provider)}
          data-testid={`sign-in-${provider}`}
        >
          {leaving === provider ? 'One moment…' : `Sign in with ${providerName(provider)}`}
        </button>
      ))}
      {failed && <ProviderProblem complaint={failed} />}
    </div>
  )
}
