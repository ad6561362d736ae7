import type { Metadata } from 'next'
import { Suspense } from 'react'
import { SignInPage } from '../../features/account/sign-in-page'

export const metadata: Metadata = { title: 'Sign in' }

export default function SignInRoute() {
  return (
    <Suspense>
      <SignInPage />
    </Suspense>
  )
}
