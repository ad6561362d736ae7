'use client'
// Signing in: by password, and by whatever else this server was told about.
import Link from 'next/link'
import { useSearchParams } from 'next/navigation'
import type { AccountField } from './account-field'
import { AccountForm, type Values } from './account-form'
import { safeReturn, welcomeAddress } from './addresses'
import { Entrance, EntranceSkeleton } from './entrance'
import { useMe } from './me'
import { ProviderButtons, ProviderProblem, useLastTry } from './provider-buttons'
import { startAfresh } from './start-afresh'
import { useSession } from './use-session'
import { isSignedIn, type Me } from './viewer'

const FIELDS: readonly AccountField[] = [
  { name: 'email', label: 'E-mail', type: 'email', autoComplete: 'username' },
  { name: 'password', label: 'Password', type: 'password', autoComplete: 'current-password' },
]

/** The fields and buttons, also shown in place of a page that only people of the team may read. */
export function SignInForm({ me, next }: { readonly me: Me; readonly next: string }) {
  const session = useSession()
  const submit = async (values: Values) => {
    const complaint = await session.signIn(values)
    if (complaint === null) startAfresh(next)
    return complaint
  }
  return (
    <>
      {me.signInWith.includes('password') && (
        <AccountForm
          label="Sign in"
          fields={FIELDS}
          action="Sign in"
          onSubmit={submit}
          testId="sign-in-form"
        />
      )}
      <ProviderButtons providers={me.signInWith} next={next} />
      <p className="muted small-print">
        No account? Ask an admin of the team for an invitation link.
      </p>
    </>
  )
}

function Already({ me, next }: { readonly me: Me; readonly next: string }) {
  const lastTry = useLastTry()
  return (
    <Entrance title="You are signed in" testId="signed-in-already">
      {lastTry && <ProviderProblem complaint={lastTry} />}
      <p className="muted">As {me.person?.name}.</p>
      <Link className="button primary" href={next}>
        Go on
      </Link>
    </Entrance>
  )
}

export function SignInPage() {
  const me = useMe()
  const next = safeReturn(useSearchParams().get('next'))
  if (me === null) return <EntranceSkeleton />
  if (isSignedIn(me)) return <Already me={me} next={next} />
  if (me.setupNeeded)
    return (
      <Entrance title="There is no account yet" testId="sign-in-none">
        <p className="muted">The first one made here is the owner’s.</p>
        <Link className="button primary" href={welcomeAddress(next)}>
          Create the owner account
        </Link>
      </Entrance>
    )
  return (
    <Entrance title="Sign in" testId="sign-in">
      <SignInForm me={me} next={next} />
    </Entrance>
  )
}
