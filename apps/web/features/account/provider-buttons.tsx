'use client'
// One button for each other way to sign in that this server was set up with.
import { useState } from 'react'
import { Problem } from '../../components/problem'

const NAMES: Readonly<Record<string, string>> = {
  github: 'GitHub',
  google: 'Google',
  microsoft: 'Microsoft',
  gitlab: 'GitLab',
  oidc: 'your organisation',
}

async function addressOf(provider: string, next: string): Promise<string | null> {
  const oauth = provider === 'oidc'
  const answer = await fetch(`/api/auth/sign-in/${oauth ? 'oauth2' : 'social'}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      ...(oauth ? { providerId: provider } : { provider }),
      callbackURL: next,
      errorCallbackURL: '/sign-in',
    }),
  })
  const { url } = (await answer.json().catch(() => ({}))) as { url?: string }
  return answer.ok && url ? url : null
}

interface ProviderButtonsProps {
  readonly providers: readonly string[]
  readonly next: string
}

export function ProviderButtons({ providers, next }: ProviderButtonsProps) {
  const [leaving, setLeaving] = useState<string | null>(null)
  const [failed, setFailed] = useState<string | null>(null)
  const others = providers.filter((provider) => provider !== 'password')
  if (others.length === 0) return null
  const leave = async (provider: string) => {
    setLeaving(provider)
    setFailed(null)
    const address = await addressOf(provider, next).catch(() => null)
    if (address) return window.location.assign(address)
    setLeaving(null)
    setFailed(NAMES[provider] ?? provider)
  }
  return (
    <div className="providers">
      {others.map((provider) => (
        <button
          key={provider}
          type="button"
          className="button"
          disabled={leaving !== null}
          onClick={() => void leave(provider)}
          data-testid={`sign-in-${provider}`}
        >
          {leaving === provider ? 'One moment…' : `Sign in with ${NAMES[provider] ?? provider}`}
        </button>
      ))}
      {failed && (
        <Problem
          title={`${failed} cannot be reached for signing in.`}
          cure="Try again, or tell whoever runs this server."
        />
      )}
    </div>
  )
}
