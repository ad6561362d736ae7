import { describe, expect, it } from 'vitest'
import { providerName, reasonOf } from './provider-reasons'

describe('the reason of a way back', () => {
  it('is told in words, with what to do', () => {
    expect(reasonOf('ACCOUNT_NOT_LINKED')).toEqual({
      code: 'ACCOUNT_NOT_LINKED',
      message: 'There is an account with this address already.',
      cure: 'Sign in with its password, then link the provider under Settings.',
    })
  })

  it.each(['', 'constructor', '__proto__', '<b>access_denied'])(
    'says nothing of what it does not know: %j',
    (said) => {
      expect(reasonOf(said)).toEqual({
        code: 'SIGN_IN_REFUSED',
        message: 'The provider did not confirm who you are.',
        cure: 'Try again.',
      })
    },
  )
})

describe('a provider', () => {
  it('has a name, or its own word', () => {
    expect(['oidc', 'github', 'forge', 'constructor'].map(providerName)).toEqual([
      ...['your organisation', 'GitHub', 'forge', 'constructor'],
    ])
  })
})
