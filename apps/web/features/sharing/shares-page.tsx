'use client'
// The read-only links of this project: what they open, how often they were used, and an end to them.
import Link from 'next/link'
import { useState, type ReactNode } from 'react'
import { useQuery } from 'urql'
import { ConfirmDialog } from '../../components/confirm-dialog'
import { usePages, type PageInfo } from '../../components/page-list'
import { Problem } from '../../components/problem'
import { When } from '../../components/when'
import { ShareLinksDocument, type ShareLinkPartsFragment } from '../../graphql/generated/graphql'
import { useMay } from '../account/me'
import { useNow } from '../datasets/use-now'
import type { Complaint } from '../edits/complaint'
import { standingOf } from '../settings/scopes'
import { TeamTabs } from '../team/team-tabs'
import { useShares } from './use-shares'

const PAGE = 20
const COLUMNS = ['Title', 'Opens', 'Made by', 'Made', 'Ends', 'Used', ''] as const

function ShareRow({
  item,
  onRevoke,
}: {
  readonly item: ShareLinkPartsFragment
  readonly onRevoke: () => void
}) {
  const standing = standingOf(item, useNow(60_000))
  return (
    <tr data-testid="share-row" data-standing={standing}>
      <td className="row-name">{item.title}</td>
      <td>
        <Link className="mono link-cell" href={item.path} prefetch={false} title={item.path}>
          {item.path}
        </Link>
      </td>
      <td>{item.createdBy.name}</td>
      <td className="muted">
        <When at={item.createdAt} />
      </td>
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
      <td className="muted tabular">
        {item.uses}
        {item.lastUsedAt && (
          <>
            {', last '}
            <When at={item.lastUsedAt} />
          </>
        )}
      </td>
      <td className="row-actions">
        {standing === 'live' && (
          <button
            type="button"
            className="link"
            onClick={onRevoke}
            aria-label={`Revoke the link “${item.title}”`}
          >
            Revoke
          </button>
        )}
      </td>
    </tr>
  )
}

interface ChunkProps {
  readonly after: string | null
  readonly last: boolean
  readonly onMore: (info: PageInfo) => void
  readonly onRevoke: (item: ShareLinkPartsFragment) => void
}

function Plain({ children }: { readonly children: ReactNode }) {
  return (
    <tr className="plain">
      <td colSpan={COLUMNS.length}>{children}</td>
    </tr>
  )
}

function SharesChunk({ after, last, onMore, onRevoke }: ChunkProps) {
  const [{ data, error }] = useQuery({
    query: ShareLinksDocument,
    variables: { first: PAGE, after },
    requestPolicy: 'cache-and-network',
  })
  if (error && !data)
    return (
      <Plain>
        <Problem
          title="The links could not be read"
          message={error.graphQLErrors[0]?.message ?? 'The API does not answer.'}
        />
      </Plain>
    )
  if (!data)
    return (
      <Plain>
        <div className="skeleton line" aria-hidden />
      </Plain>
    )
  const { edges, pageInfo } = data.shareLinks
  return (
    <>
      {edges.map(({ node }) => (
        <ShareRow key={node.id} item={node} onRevoke={() => onRevoke(node)} />
      ))}
      {edges.length === 0 && after === null && (
        <Plain>
          <p className="none" data-testid="no-shares">
            No links yet. The share button in the top bar makes one of any view.
          </p>
        </Plain>
      )}
      {last && pageInfo.hasNextPage && (
        <Plain>
          <button type="button" className="link" onClick={() => onMore(pageInfo)}>
            More
          </button>
        </Plain>
      )}
    </>
  )
}

function SharesTable({ onRevoke }: Pick<ChunkProps, 'onRevoke'>) {
  const pages = usePages('')
  return (
    <div className="card table-scroll" tabIndex={0} role="region" aria-label="Shared links">
      <table className="plain-table wide-table">
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
          {pages.after.map((after, index) => (
            <SharesChunk
              key={after ?? ''}
              after={after}
              last={index === pages.after.length - 1}
              onMore={pages.more}
              onRevoke={onRevoke}
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}

export function SharesPage() {
  const may = useMay('ANNOTATE')
  const { revoke } = useShares()
  const [doomed, setDoomed] = useState<ShareLinkPartsFragment | null>(null)
  const [complaint, setComplaint] = useState<Complaint | null>(null)
  return (
    <main className="page" id="main">
      <TeamTabs title="Shared links" />
      {complaint && <Problem title="The link was not revoked" message={complaint.message} />}
      {may ? (
        <SharesTable onRevoke={setDoomed} />
      ) : (
        <section className="card empty">
          <p>Shared links are made by people of the team who may write.</p>
        </section>
      )}
      <ConfirmDialog
        open={doomed !== null}
        title={`Revoke “${doomed?.title ?? ''}”?`}
        action="Revoke the link"
        onClose={() => setDoomed(null)}
        onConfirm={() => doomed && void revoke(doomed.id).then(setComplaint)}
      >
        <p>Whoever has the link can no longer open it. This cannot be undone.</p>
      </ConfirmDialog>
    </main>
  )
}
