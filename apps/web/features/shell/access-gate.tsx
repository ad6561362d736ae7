'use client'
// In place of a page that the viewer may not read: signing in, or what to do without a project. The address stays.
import { usePathname } from 'next/navigation'
import { lazy, Suspense, type ReactNode } from 'react'
import { currentAddress } from '../account/addresses'
import { Entrance } from '../account/entrance'
import { useMe } from '../account/me'
import { isSignedIn } from '../account/viewer'

const SignInForm = lazy(async () => ({
  default: (await import('../account/sign-in-page')).SignInForm,
}))

const OPEN = /^\/(welcome|sign-in|join|share|settings)(\/|$)/

export function AccessGate({ children }: { readonly children: ReactNode }) {
  const me = useMe()
  const path = usePathname()
  if (me === null || me.role !== null || OPEN.test(path)) return children
  if (!isSignedIn(me))
    return (
      <Entrance
        title="Sign in to see this"
        lead={
          <p>Nothing here is public. If a shared link led you here, it has ended or was revoked.</p>
        }
        testId="sign-in-wanted"
      >
        <Suspense fallback={<div className="skeleton" style={{ height: 220 }} aria-hidden />}>
          <SignInForm me={me} next={currentAddress()} />
        </Suspense>
      </Entrance>
    )
  return (
    <Entrance title="There is no project for you here" testId="no-project">
      <p className="muted">
        You are signed in as {me.person?.name}, but belong to no team. Ask an admin for an
        invitation link, and open it here.
      </p>
    </Entrance>
  )
}
