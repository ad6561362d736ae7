// The versions of an annotation, newest first, with the words that changed marked.
import { When } from '../../../components/when'
import type { AnnotationQuery } from '../../../graphql/generated/graphql'
import { diffRows } from './diff-rows'

type Version = NonNullable<AnnotationQuery['annotation']>['versions'][number]

function Changes({ version }: { readonly version: Version }) {
  const rows = diffRows(version.diff)
  if (version.version === 1) return <p className="muted">First version: {version.label}</p>
  if (rows.length === 0) return <p className="muted">No words changed.</p>
  return (
    <dl className="diff">
      {rows.map(({ field, parts }) => (
        <div key={field}>
          <dt>{field}</dt>
          <dd>
            {parts.map((part, place) =>
              part.kind === 'removed' ? (
                <del key={place}>{part.text}</del>
              ) : part.kind === 'added' ? (
                <ins key={place}>{part.text}</ins>
              ) : (
                <span key={place}>{part.text}</span>
              ),
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}

export function Versions({ versions }: { readonly versions: readonly Version[] }) {
  const newest = [...versions].sort((a, b) => b.version - a.version)
  return (
    <section className="card pad versions" aria-labelledby="versions-title">
      <h2 id="versions-title">Versions</h2>
      <ol>
        {newest.map((version) => (
          <li key={version.version} data-testid="annotation-version">
            <p>
              <b className="tabular">{version.version}</b> {version.author.name}{' '}
              <span className="muted">
                <When at={version.createdAt} />
              </span>
              {version.change && <q>{version.change}</q>}
            </p>
            <Changes version={version} />
          </li>
        ))}
      </ol>
    </section>
  )
}
