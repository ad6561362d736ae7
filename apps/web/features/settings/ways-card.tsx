'use client'
// How one's account can be entered: by password, and by providers, which are linked and unlinked here.
import { useSearchParams } from 'next/navigation'
import { useEffect, useRef, useState } from 'react'
import { useMutation, useQuery } from 'urql'
import { ConfirmDialog } from '../../components/confirm-dialog'
import { Problem } from '../../components/problem'
import { When } from '../../components/when'
import { UnlinkProviderDocument, WaysToSignInDocument } from '../../graphql/generated/graphql'
import { ProviderProblem, useLastTry } from '../account/provider-buttons'
import { providerName } from '../account/provider-reasons'
import { useProvider } from '../account/use-provider'
import type { Me } from '../account/viewer'
import { complaintOf, type Complaint } from '../edits/complaint'
import { rowsOf, type WayRow } from './ways'

export const hasProviders = ({ via, signInWith }: Me): boolean =>
  via === 'SESSION' && signInWith.some((one) => one !== 'password')

function Standing({ row: { way, provider, last } }: { readonly row: WayRow }) {
  if (way === null) return provider === 'password' ? 'not set' : 'not linked'
  if (!way.works) return 'this server no longer takes it'
  return (
    <>
      {provider === 'password' ? 'set ' : 'linked '}
      <When at={way.createdAt} />
      {last && ' · the only way in'}
    </>
  )
}

interface RowProps {
  readonly row: WayRow
  readonly known: boolean
  readonly leaving: string | null
  readonly onLink: () => void
  readonly onUnlink: () => void
}

function Row({ row, known, leaving, onLink, onUnlink }: RowProps) {
  const { provider, name, way, last } = row
  const verb = way === null ? 'Link' : 'Unlink'
  return (
    <li
      className="person-row"
      data-testid={`way-${provider}`}
      data-state={known ? (way === null ? 'open' : way.works ? 'linked' : 'useless') : 'loading'}
    >
      <span className="person-name">
        <b>{name}</b>
        <small className="muted">{known ? <Standing row={row} /> : '…'}</small>
      </span>
      {provider !== 'password' && known && !last && (
        <button
          type="button"
          className="button"
          disabled={leaving !== null}
          onClick={way === null ? onLink : onUnlink}
          aria-label={`${verb} ${providerName(provider)}`}
          data-testid={`${verb.toLowerCase()}-${provider}`}
        >
          {leaving === provider && way === null ? 'One moment…' : verb}
        </button>
      )}
    </li>
  )
}

type Said = { readonly done: string } | { readonly wrong: Complaint } | null

/** Linking leaves the page, and comes back to it with `linked=…` or `error=CODE`. */
function useWays() {
  const [{ data, error }] = useQuery({
    query: WaysToSignInDocument,
    requestPolicy: 'cache-and-network',
  })
  const [, remove] = useMutation(UnlinkProviderDocument)
  const { leaving, goTo } = useProvider('link-social')
  const [said, setSaid] = useState<Said>(null)
  const ways = data?.me.waysToSignIn ?? null
  const linked = useSearchParams().get('linked')
  const lastTry = useLastTry()
  const returned = (): Said => {
    if (lastTry) return { wrong: lastTry }
    if (linked === null || !ways?.some(({ provider }) => provider === linked)) return null
    return { done: `Linked. From now on you can sign in with ${providerName(linked)}.` }
  }
  const say = (next: Said) => {
    window.history.replaceState(null, '', window.location.pathname)
    setSaid(next)
  }
  const link = async (provider: string) => {
    const wrong = await goTo({ provider })
    if (wrong) say({ wrong })
  }
  const unlink = async (row: WayRow) => {
    const { data: result, error: failure } = await remove({ id: row.way?.id ?? '' })
    const wrong = complaintOf(failure, result?.unlinkProvider.errors)
    say(wrong ? { wrong } : { done: `${row.name} was unlinked. Your other sessions were ended.` })
  }
  return { ways, failed: error && !data, leaving, said: said ?? returned(), link, unlink }
}

export function WaysCard({ me }: { readonly me: Me }) {
  const { ways, failed, leaving, said, link, unlink } = useWays()
  const [doomed, setDoomed] = useState<WayRow | null>(null)
  const wrong = said && 'wrong' in said ? said.wrong : null
  const done = said && 'done' in said ? said.done : ''
  const words = wrong?.message ?? done
  const answer = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (words) answer.current?.scrollIntoView({ block: 'nearest' })
  }, [words])
  return (
    <section className="card ways-card" aria-label="Ways to sign in" data-testid="ways-card">
      <h2 className="card-head">Ways to sign in</h2>
      {failed ? (
        <Problem title="How you can sign in could not be read" cure="Reload the page." />
      ) : (
        <ul>
          {rowsOf(ways ?? [], me.signInWith).map((row) => (
            <Row
              key={row.key}
              row={row}
              known={ways !== null}
              leaving={leaving}
              onLink={() => void link(row.provider)}
              onUnlink={() => setDoomed(row)}
            />
          ))}
        </ul>
      )}
      <div className="card-part" ref={answer}>
        {wrong && <ProviderProblem complaint={wrong} />}
        <p role="status" className="muted" data-testid="ways-said">
          {done}
        </p>
      </div>
      <ConfirmDialog
        open={doomed !== null}
        title={`Unlink ${doomed ? providerName(doomed.provider) : ''}?`}
        action="Unlink"
        onClose={() => setDoomed(null)}
        onConfirm={() => doomed && void unlink(doomed)}
      >
        <p>It no longer lets you in, and your other sessions end. You can link it again.</p>
      </ConfirmDialog>
    </section>
  )
}
