'use client'
// An invitation link: says into which team and as what, then makes the account or adds the one that is signed in.
import Link from 'next/link'
import { useState } from 'react'
import { useQuery } from 'urql'
import { Problem } from '../../components/problem'
import { When } from '../../components/when'
import {
  InvitationPreviewDocument,
  type InvitationPreviewQuery,
} from '../../graphql/generated/graphql'
import { complaintOf, type Complaint } from '../edits/complaint'
import { AccountForm, type Values } from './account-form'
import { signInAddress } from './addresses'
import { Entrance, EntranceSkeleton } from './entrance'
import { useMe } from './me'
import { forgetProject, startAfresh } from './start-afresh'
import { useSession } from './use-session'
import { isSignedIn, roleName, type Me } from './viewer'
import { NEW_ACCOUNT_FIELDS } from './welcome-page'

const START = '/home'

type Preview = NonNullable<InvitationPreviewQuery['invitation']>

function enter(): void {
  forgetProject()
  startAfresh(START)
}

function Gone({
  complaint,
  signedIn,
}: {
  readonly complaint: Complaint | null
  readonly signedIn: boolean
}) {
  return (
    <Entrance title="This invitation cannot be used" testId="invitation-gone">
      <Problem
        title={
          complaint?.message ??
          'There is no such invitation: the link is mistyped, used, revoked or too old.'
        }
        cure={complaint?.cure ?? 'Ask whoever sent it for a new link.'}
        code={complaint?.code}
      />
      <Link className="button" href={signedIn ? START : '/sign-in'}>
        {signedIn ? 'Home' : 'Sign in'}
      </Link>
    </Entrance>
  )
}

function Accept({ token, me }: { readonly token: string; readonly me: Me }) {
  const session = useSession()
  const [busy, setBusy] = useState(false)
  const [complaint, setComplaint] = useState<Complaint | null>(null)
  const accept = async () => {
    setBusy(true)
    const said = await session.accept(token)
    setComplaint(said)
    if (said === null) enter()
    else setBusy(false)
  }
  return (
    <>
      <p className="muted">You are signed in as {me.person?.name}.</p>
      {complaint && (
        <Problem title={complaint.message} cure={complaint.cure} code={complaint.code} />
      )}
      <button
        type="button"
        className="button primary"
        disabled={busy}
        onClick={() => void accept()}
        data-testid="accept-invitation"
      >
        {busy ? 'One moment…' : 'Join the team'}
      </button>
    </>
  )
}

function Create({ token }: { readonly token: string }) {
  const session = useSession()
  const submit = async (values: Values) => {
    const complaint = await session.signUp(values, token)
    if (complaint === null) enter()
    return complaint
  }
  return (
    <>
      <AccountForm
        label="New account"
        fields={NEW_ACCOUNT_FIELDS}
        action="Create the account and join"
        onSubmit={submit}
        testId="join-form"
      />
      <p className="muted small-print">
        You have an account? <Link href={signInAddress(`/join/${token}`)}>Sign in</Link> and join
        with it.
      </p>
    </>
  )
}

function Lead({ preview }: { readonly preview: Preview }) {
  return (
    <p data-testid="invitation-preview">
      {preview.invitedBy} invites you as <b>{roleName(preview.role).toLowerCase()}</b>. The link
      works until <When at={preview.expiresAt} />.
    </p>
  )
}

export function JoinPage({ token }: { readonly token: string }) {
  const me = useMe()
  const [{ data, error, fetching }] = useQuery({
    query: InvitationPreviewDocument,
    variables: { token },
    requestPolicy: 'network-only',
  })
  if (me === null || (fetching && !data)) return <EntranceSkeleton />
  const preview = data?.invitation
  if (!preview) return <Gone complaint={complaintOf(error, undefined)} signedIn={isSignedIn(me)} />
  return (
    <Entrance title={`Join ${preview.teamName}`} lead={<Lead preview={preview} />} testId="join">
      {isSignedIn(me) ? <Accept token={token} me={me} /> : <Create token={token} />}
    </Entrance>
  )
}
