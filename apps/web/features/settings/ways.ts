// The ways in that an account has, and those the server was set up with -> the rows that the settings show.
import type { WaysToSignInQuery } from '../../graphql/generated/graphql'
import { providerName } from '../account/provider-reasons'

export type Way = WaysToSignInQuery['me']['waysToSignIn'][number]

export interface WayRow {
  /** The same before and after a provider is linked, so that its button keeps the focus. */
  readonly key: string
  readonly provider: string
  readonly name: string
  /** null: not linked, or not known yet. */
  readonly way: Way | null
  /** Whether nothing that works would be left without it. */
  readonly last: boolean
}

const nameOf = (provider: string): string => {
  const name = provider === 'password' ? 'Password' : providerName(provider)
  return name.slice(0, 1).toUpperCase() + name.slice(1)
}

/** What was set up in its order, each with what is linked; then what this server no longer takes. */
export function rowsOf(ways: readonly Way[], setUp: readonly string[]): WayRow[] {
  const working = ways.filter(({ works }) => works)
  const rowOf = (provider: string, way: Way | null, key: string): WayRow => ({
    ...{ key, provider, name: nameOf(provider), way },
    last: way !== null && working.every((one) => one === way),
  })
  return [
    ...setUp.flatMap((provider) => {
      const [first = null, ...more] = working.filter((way) => way.provider === provider)
      return [rowOf(provider, first, provider), ...more.map((way) => rowOf(provider, way, way.id))]
    }),
    ...ways.filter(({ works }) => !works).map((way) => rowOf(way.provider, way, way.id)),
  ]
}

/** Whether there is a password to change; null while nobody knows: until the ways are read, only a server that takes nothing else tells. */
export function hasPassword(ways: readonly Way[] | null, setUp: readonly string[]): boolean | null {
  if (ways !== null) return ways.some(({ provider }) => provider === 'password')
  return setUp.every((provider) => provider === 'password') ? true : null
}
