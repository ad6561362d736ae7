'use client'
// The head of a data set: what it is, its versions, and what can be done with it.
import Link from 'next/link'
import { useState } from 'react'
import { useMutation, useQuery } from 'urql'
import { CopyText } from '../../../components/copy-text'
import { When } from '../../../components/when'
import {
  DatasetsDocument,
  RenameDatasetDocument,
  type DatasetQuery,
} from '../../../graphql/generated/graphql'
import { complaintOf } from '../../edits/complaint'
import { showCount } from '../../lens/numbers'
import { showBytes } from '../../models/model-facts'
import { many, saySource, shortDigest } from '../dataset-words'
import { RejectionsButton } from '../rejections-button'
import { WriteButton } from '../../account/write-button'

export type DatasetFacts = NonNullable<DatasetQuery['dataset']>

interface HeaderProps {
  readonly dataset: DatasetFacts
}

function Name({ dataset }: HeaderProps) {
  const [draft, setDraft] = useState<string | null>(null)
  const [{ fetching, error, data }, rename] = useMutation(RenameDatasetDocument)
  const refused = complaintOf(error, data?.renameDataset.errors)
  if (draft === null)
    return (
      <div className="edit-title">
        <h1>
          {dataset.name} <small className="muted tabular">v{dataset.version}</small>
        </h1>
        {dataset.bundled ? (
          <span className="badge">bundled</span>
        ) : (
          <WriteButton
            verb="rename data sets"
            type="button"
            className="link"
            onClick={() => setDraft(dataset.name)}
          >
            Rename
          </WriteButton>
        )}
      </div>
    )
  const save = async () => {
    const result = await rename({ id: dataset.id, name: draft.trim() })
    if (!complaintOf(result.error, result.data?.renameDataset.errors)) setDraft(null)
  }
  return (
    <form
      className="edit-title"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
      onKeyDown={(event) => event.key === 'Escape' && setDraft(null)}
    >
      <h1 className="hidden-text">{dataset.name}</h1>
      <input
        className="input"
        aria-label="Name of the data set"
        autoFocus
        required
        value={draft}
        onChange={(event) => setDraft(event.target.value)}
      />
      <button type="submit" className="button small primary" disabled={fetching}>
        Save
      </button>
      <button type="button" className="button small" onClick={() => setDraft(null)}>
        Cancel
      </button>
      {refused && <span className="wrong">{refused.message}</span>}
    </form>
  )
}

/** Other data sets of this name: the newest stands first. */
function Versions({ dataset }: HeaderProps) {
  const [{ data }] = useQuery({
    query: DatasetsDocument,
    variables: { first: 50, search: dataset.name },
  })
  const versions = (data?.datasets.edges.map(({ node }) => node) ?? [])
    .filter(({ name }) => name === dataset.name)
    .sort((a, b) => b.version - a.version)
  if (versions.length < 2) return <>version {dataset.version}</>
  return (
    <span className="versions">
      versions{' '}
      {versions.map(({ id, version, cases }) => (
        <Link
          key={id}
          className="chip tabular"
          href={`/datasets/${id}`}
          prefetch={false}
          aria-current={id === dataset.id ? 'page' : undefined}
          title={many(cases, 'case')}
        >
          v{version}
        </Link>
      ))}
    </span>
  )
}

const FEATURES: ReadonlyArray<readonly [keyof DatasetFacts['features'], string]> = [
  ['newTargets', 'new targets'],
  ['trueAnswers', 'true answers'],
  ['paraphrases', 'paraphrases'],
  ['neighbors', 'neighbors'],
  ['generationPrompts', 'texts to continue'],
  ['portability', 'portability'],
]

/** What its cases have beside a prompt; counted where not all have it. */
function sayFeatures(dataset: DatasetFacts): string {
  const parts = FEATURES.flatMap(([name, words]) => {
    const count = dataset.features[name]
    if (count === 0) return []
    return [count < dataset.cases ? `${words} (${showCount(count)} cases)` : words]
  })
  return parts.length > 0 ? `Cases have ${parts.join(', ')}.` : 'Cases have a prompt and no more.'
}

export function DatasetHeader({ dataset }: HeaderProps) {
  return (
    <header className="edit-header">
      <Name key={dataset.name} dataset={dataset} />
      <p className="edit-signs muted">
        <b>{many(dataset.cases, 'case')}</b>
        <span>
          rejected: <RejectionsButton dataset={dataset} />
        </span>
        <span>
          {dataset.formatTitle}, {showBytes(dataset.bytes)}
        </span>
        <Versions dataset={dataset} />
        <span>
          {dataset.author}, <When at={dataset.createdAt} />
        </span>
      </p>
      <p className="muted">
        {sayFeatures(dataset)}{' '}
        {dataset.protocols.length > 0 && (
          <>
            Protocols that can score it:{' '}
            <span className="mono">{dataset.protocols.join(', ')}</span>.
          </>
        )}
      </p>
      <div className="edit-actions">
        <a className="button small" href={dataset.downloadUrl} download>
          Download (JSONL)
        </a>
        <span className="mono faint" title={`SHA-256 ${dataset.digest}`}>
          {shortDigest(dataset.digest)}
        </span>
        <CopyText text={dataset.digest} label="Copy digest" />
        <span className="mono muted dataset-source" title={dataset.source}>
          {saySource(dataset.source)}
        </span>
      </div>
    </header>
  )
}
