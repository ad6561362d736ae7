'use client'
// The first visit: one form makes the owner's account.
import Link from 'next/link'
import { useSearchParams } from 'next/navigation'
import type { AccountField } from './account-field'
import { AccountForm, type Values } from './account-form'
import { safeReturn, signInAddress } from './addresses'
import { Entrance, EntranceSkeleton } from './entrance'
import { useMe } from './me'
import { startAfresh } from './start-afresh'
import { useSession } from './use-session'
import { isSignedIn } from './viewer'

export const NEW_ACCOUNT_FIELDS: readonly AccountField[] = [
  {
    name: 'name',
    label: 'Your name',
    type: 'text',
    autoComplete: 'name',
    hint: 'As your team will see it.',
  },
  { name: 'email', label: 'E-mail', type: 'email', autoComplete: 'username' },
  {
    name: 'password',
    label: 'Password',
    type: 'password',
    autoComplete: 'new-password',
    chosen: true,
  },
]

function Taken({ next }: { readonly next: string }) {
  const signedIn = isSignedIn(useMe())
  return (
    <Entrance title="This server has an owner already" testId="welcome-taken">
      <p className="muted">
        {signedIn
          ? 'You are signed in.'
          : 'Sign in, or ask an admin of the team for an invitation link.'}
      </p>
      <Link className="button primary" href={signedIn ? next : signInAddress(next)}>
        {signedIn ? 'Go on' : 'Sign in'}
      </Link>
    </Entrance>
  )
}

export function WelcomePage() {
  const me = useMe()
  const next = safeReturn(useSearchParams().get('next'))
  const session = useSession()
  if (me === null) return <EntranceSkeleton />
  if (!me.setupNeeded) return <Taken next={next} />
  const submit = async (values: Values) => {
    const complaint = await session.setUp(values)
    if (complaint === null) startAfresh(next)
    return complaint
  }
  return (
    <Entrance
      title="Create the owner account"
      testId="welcome"
      lead={
        <p>
          You become the first admin. The demo project and all that was made here stay, and are
          yours; you can invite others afterwards.
        </p>
      }
    >
      <AccountForm
        label="Owner account"
        fields={NEW_ACCOUNT_FIELDS}
        action="Create the account"
        onSubmit={submit}
        testId="welcome-form"
      />
      <p className="muted small-print">
        Nothing is sent anywhere: the account lives in this server’s database. Or{' '}
        <Link href={next}>look around first</Link>.
      </p>
    </Entrance>
  )
}
