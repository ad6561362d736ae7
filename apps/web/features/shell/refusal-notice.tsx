'use client'
// What the API would not do, wherever it was asked: said once, above the page, with the way out.
import Link from 'next/link'
import { useSyncExternalStore } from 'react'
import { onRefusal, readRefusal, showRefusal } from '../../graphql/refusals'
import { currentAddress, signInAddress } from '../account/addresses'

const close = () => showRefusal(null)

export function RefusalNotice() {
  const refusal = useSyncExternalStore(onRefusal, readRefusal, () => null)
  if (refusal === null) return null
  return (
    <div className="refusal" role="alert" data-testid="refusal-notice" data-code={refusal.code}>
      <p>
        <b>{refusal.message}</b> {refusal.cure}
      </p>
      {refusal.code === 'SIGN_IN_REQUIRED' && (
        <Link className="button small" href={signInAddress(currentAddress())} onClick={close}>
          Sign in
        </Link>
      )}
      <button type="button" className="icon" aria-label="Close" onClick={close}>
        ×
      </button>
    </div>
  )
}
