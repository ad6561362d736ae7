'use client'
// One line under the page for those who only read: why, and the way in or out. It takes its place at the bottom, so nothing moves.
import Link from 'next/link'
import { usePathname, useSearchParams } from 'next/navigation'
import { Suspense } from 'react'
import { signInAddress, welcomeAddress } from '../account/addresses'
import { useMe } from '../account/me'
import { isSignedIn, type Me } from '../account/viewer'

const ENTRANCES = /^\/(welcome|sign-in|join|share)(\/|$)/

function useHere(): { readonly path: string; readonly address: string } {
  const path = usePathname()
  const query = useSearchParams().toString()
  return { path, address: query === '' ? path : `${path}?${query}` }
}

function Shared({ me, address }: { readonly me: Me; readonly address: string }) {
  return (
    <div className="strip" role="status" data-testid="shared-banner">
      <span>
        You are looking at a shared view of <b>{me.project?.name}</b>
        {me.share?.title ? `: ${me.share.title}` : ''}. It is for reading.
      </span>
      <a href={signInAddress(address)}>Sign in</a>
      <form method="post" action="/share/leave">
        <button type="submit" className="button small" data-testid="leave-share">
          Leave
        </button>
      </form>
    </div>
  )
}

function Visitor({ me, address }: { readonly me: Me; readonly address: string }) {
  return (
    <div className="strip" role="status" data-testid="visitor-banner">
      {me.setupNeeded ? (
        <>
          <span>Look around freely. To run and keep things, this server needs an owner.</span>
          <Link
            className="button small"
            href={welcomeAddress(address)}
            data-testid="create-owner-link"
          >
            Create the owner account
          </Link>
        </>
      ) : (
        <>
          <span>
            You are reading <b>{me.project?.name}</b> as a visitor.
          </span>
          <Link className="button small" href={signInAddress(address)} data-testid="sign-in-link">
            Sign in
          </Link>
        </>
      )}
    </div>
  )
}

function Strip() {
  const me = useMe()
  const { path, address } = useHere()
  if (me === null || isSignedIn(me) || me.role === null || ENTRANCES.test(path)) return null
  return me.via === 'SHARE_LINK' ? (
    <Shared me={me} address={address} />
  ) : (
    <Visitor me={me} address={address} />
  )
}

export function ViewerStrip() {
  return (
    <Suspense>
      <Strip />
    </Suspense>
  )
}
