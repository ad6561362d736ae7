'use client'
// Who I am, and the way in or out.
import Link from 'next/link'
import { useState } from 'react'
import { PopMenu } from '../../components/pop-menu'
import { currentAddress, signInAddress, welcomeAddress } from '../account/addresses'
import { useMe } from '../account/me'
import { forgetProject, startAfresh } from '../account/start-afresh'
import { useSession } from '../account/use-session'
import { initialsOf, isSignedIn, roleName, type Me } from '../account/viewer'

function Outline() {
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" fill="none" stroke="currentColor" aria-hidden>
      <circle cx="8" cy="5.5" r="2.6" />
      <path d="M2.8 13.5c.6-2.7 2.6-4 5.2-4s4.6 1.3 5.2 4" />
    </svg>
  )
}

function VisitorItems({ me }: { readonly me: Me }) {
  const [address] = useState(currentAddress)
  return (
    <>
      <p className="menu-head muted">You are a visitor</p>
      {me.setupNeeded ? (
        <Link role="menuitem" href={welcomeAddress(address)}>
          Create the owner account
        </Link>
      ) : (
        <Link role="menuitem" href={signInAddress(address)} data-testid="menu-sign-in">
          Sign in
        </Link>
      )}
    </>
  )
}

function MemberItems({ me }: { readonly me: Me }) {
  const { signOut } = useSession()
  const leave = async () => {
    if ((await signOut()) !== null) return
    forgetProject()
    startAfresh('/sign-in')
  }
  return (
    <>
      <div className="menu-head">
        <b>{me.person?.name}</b>
        <small className="muted">{me.email}</small>
        {me.role && <small className="muted">{roleName(me.role)} here</small>}
      </div>
      <Link role="menuitem" href="/settings">
        Settings
      </Link>
      <Link role="menuitem" href="/team">
        Team and projects
      </Link>
      {me.via === 'SESSION' && (
        <button role="menuitem" type="button" onClick={() => void leave()} data-testid="sign-out">
          Sign out
        </button>
      )}
    </>
  )
}

export function UserMenu() {
  const me = useMe()
  const signedIn = isSignedIn(me)
  const name = me?.person?.name ?? ''
  if (me === null) return <span className="avatar" aria-hidden />
  return (
    <PopMenu
      label={signedIn ? `${initialsOf(name)}: account of ${name}` : 'Account: visitor'}
      className="avatar"
      button={signedIn ? initialsOf(name) : <Outline />}
      testId="user-menu"
    >
      {signedIn ? <MemberItems me={me} /> : <VisitorItems me={me} />}
    </PopMenu>
  )
}
