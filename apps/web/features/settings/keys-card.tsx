'use client'
// Keys for scripts: made with a name, scopes and an end; shown once; revoked here.
import { useState } from 'react'
import { useQuery } from 'urql'
import { ConfirmDialog } from '../../components/confirm-dialog'
import { Problem } from '../../components/problem'
import { When } from '../../components/when'
import { ApiKeysDocument, type ApiKeyPartsFragment } from '../../graphql/generated/graphql'
import type { Me } from '../account/viewer'
import { useNow } from '../datasets/use-now'
import type { Complaint } from '../edits/complaint'
import { KeyForm } from './key-form'
import { standingOf } from './scopes'
import { useKeys } from './use-settings'

/** An empty list holds no key, so the cache has to be told what it is about. */
const ABOUT_KEYS = { additionalTypenames: ['ApiKey'] }

const COLUMNS = ['Name', 'Begins with', 'May', 'Project', 'Last used', 'Ends', ''] as const

function KeyRow({
  item,
  onRevoke,
}: {
  readonly item: ApiKeyPartsFragment
  readonly onRevoke: () => void
}) {
  const standing = standingOf(item, useNow(60_000))
  return (
    <tr data-testid="api-key-row" data-standing={standing}>
      <td className="row-name">{item.name}</td>
      <td className="mono">{item.start}…</td>
      <td>{item.scopes.map((scope) => scope.toLowerCase()).join(', ')}</td>
      <td>{item.project.name}</td>
      <td className="muted">{item.lastUsedAt ? <When at={item.lastUsedAt} /> : 'never'}</td>
      <td className="muted">
        {standing === 'revoked' ? (
          <span className="badge" data-state="cancelled">
            revoked
          </span>
        ) : item.expiresAt ? (
          <When at={item.expiresAt} />
        ) : (
          'never'
        )}
      </td>
      <td className="row-actions">
        {standing === 'live' && (
          <button
            type="button"
            className="link"
            onClick={onRevoke}
            aria-label={`Revoke the key ${item.name}`}
          >
            Revoke
          </button>
        )}
      </td>
    </tr>
  )
}

function KeysTable({
  keys,
  onRevoke,
}: {
  readonly keys: readonly ApiKeyPartsFragment[]
  readonly onRevoke: (item: ApiKeyPartsFragment) => void
}) {
  if (keys.length === 0)
    return (
      <p className="none" data-testid="no-api-keys">
        You have no keys. A script sends one as <code>Authorization: Bearer …</code>.
      </p>
    )
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label="Your API keys">
      <table className="plain-table">
        <thead>
          <tr>
            {COLUMNS.map((name) => (
              <th key={name} scope="col">
                {name || <span className="hidden-text">Actions</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {keys.map((item) => (
            <KeyRow key={item.id} item={item} onRevoke={() => onRevoke(item)} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

export function KeysCard({ me }: { readonly me: Me }) {
  const [{ data, error }] = useQuery({
    query: ApiKeysDocument,
    requestPolicy: 'cache-and-network',
    context: ABOUT_KEYS,
  })
  const { revoke } = useKeys()
  const [doomed, setDoomed] = useState<ApiKeyPartsFragment | null>(null)
  const [complaint, setComplaint] = useState<Complaint | null>(null)
  return (
    <section className="card keys-card" aria-label="API keys">
      <div className="pad">
        <h2>API keys</h2>
        <p className="muted">
          A key lets a script or the command line act as you in one project, within its scopes.
        </p>
        <KeyForm me={me} />
      </div>
      {complaint && <Problem title="The key was not revoked" message={complaint.message} />}
      {error && !data && (
        <Problem title="Your keys could not be read" message={error.graphQLErrors[0]?.message} />
      )}
      {!data && !error && <div className="skeleton line" aria-hidden />}
      {data && <KeysTable keys={data.apiKeys} onRevoke={setDoomed} />}
      <ConfirmDialog
        open={doomed !== null}
        title={`Revoke the key “${doomed?.name ?? ''}”?`}
        action="Revoke the key"
        onClose={() => setDoomed(null)}
        onConfirm={() => doomed && void revoke(doomed.id).then(setComplaint)}
      >
        <p>Scripts that send it are refused from now on. This cannot be undone.</p>
      </ConfirmDialog>
    </section>
  )
}
