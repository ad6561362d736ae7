'use client'
// What belongs to me: name, password, keys for scripts.
import Link from 'next/link'
import { useState } from 'react'
import type { AccountField } from '../account/account-field'
import { AccountForm } from '../account/account-form'
import { currentAddress, signInAddress } from '../account/addresses'
import { useMe } from '../account/me'
import { isSignedIn, type Me } from '../account/viewer'
import { KeysCard } from './keys-card'
import { useHasPassword, useProfile } from './use-settings'
import { hasProviders, WaysCard } from './ways-card'

const PASSWORD_FIELDS: readonly AccountField[] = [
  {
    name: 'current',
    label: 'Current password',
    type: 'password',
    autoComplete: 'current-password',
  },
  {
    name: 'next',
    label: 'New password',
    type: 'password',
    autoComplete: 'new-password',
    chosen: true,
  },
]

const profileFields = ({ person, email }: Me): readonly AccountField[] => [
  { name: 'name', label: 'Name', type: 'text', autoComplete: 'name', initial: person?.name ?? '' },
  {
    name: 'handle',
    label: 'Handle',
    type: 'text',
    autoComplete: 'off',
    initial: person?.handle ?? '',
    hint: 'Others mention you by it: @' + (person?.handle ?? ''),
  },
  {
    name: 'email',
    label: 'E-mail',
    type: 'email',
    autoComplete: 'email',
    initial: email ?? '',
    readOnly: true,
    hint: 'You sign in with it. It cannot be changed here; only admins see it.',
  },
]

function Saved({ shown, children }: { readonly shown: boolean; readonly children: string }) {
  return (
    <p role="status" className="muted saved">
      {shown ? children : ''}
    </p>
  )
}

function ProfileCard({ me }: { readonly me: Me }) {
  const { save } = useProfile()
  const [saved, setSaved] = useState(false)
  return (
    <section className="card pad settings-card" aria-label="Profile">
      <h2>Profile</h2>
      <AccountForm
        key={me.person?.id}
        label="Profile"
        fields={profileFields(me)}
        action="Save"
        testId="profile-form"
        onSubmit={async (values) => {
          setSaved(false)
          const complaint = await save(values)
          setSaved(complaint === null)
          return complaint
        }}
      />
      <Saved shown={saved}>Saved.</Saved>
    </section>
  )
}

function PasswordCard() {
  const { changePassword } = useProfile()
  const [times, setTimes] = useState(0)
  return (
    <section className="card pad settings-card" aria-label="Password">
      <h2>Password</h2>
      <AccountForm
        key={times}
        label="Password"
        fields={PASSWORD_FIELDS}
        action="Change the password"
        testId="password-form"
        onSubmit={async (values) => {
          const complaint = await changePassword(values)
          if (complaint === null) setTimes(times + 1)
          return complaint
        }}
      />
      <Saved shown={times > 0}>Changed. Your other sessions were ended.</Saved>
    </section>
  )
}

function Locked({ me }: { readonly me: Me }) {
  return (
    <section className="card empty" data-testid="settings-locked">
      <p>
        {me.setupNeeded
          ? 'Settings belong to an account, and there is none yet.'
          : 'Settings belong to an account: sign in to see yours.'}
      </p>
      <Link
        className="button primary"
        href={me.setupNeeded ? '/welcome?next=/settings' : signInAddress(currentAddress())}
      >
        {me.setupNeeded ? 'Create the owner account' : 'Sign in'}
      </Link>
    </section>
  )
}

const Loading = () => <div className="card skeleton" style={{ height: 420 }} aria-hidden />

/** Nothing is drawn before it is known whether there is a password, so that nothing moves. */
function Mine({ me }: { readonly me: Me }) {
  const password = useHasPassword(me)
  if (password === null) return <Loading />
  return (
    <>
      <div className="settings-pair">
        <ProfileCard me={me} />
        {password && <PasswordCard />}
      </div>
      {hasProviders(me) && <WaysCard me={me} />}
      <KeysCard me={me} />
    </>
  )
}

export function SettingsPage() {
  const me = useMe()
  return (
    <main className="page settings" id="main">
      <h1>Settings</h1>
      {me === null && <Loading />}
      {me && !isSignedIn(me) && <Locked me={me} />}
      {me && isSignedIn(me) && <Mine me={me} />}
    </main>
  )
}
