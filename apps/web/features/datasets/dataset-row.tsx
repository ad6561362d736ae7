'use client'
// One data set in the list.
import Link from 'next/link'
import type { DatasetsQuery } from '../../graphql/generated/graphql'
import { ageOf } from '../edits/edit-words'
import { showCount } from '../lens/numbers'
import { showBytes } from '../models/model-facts'
import { WriteButton } from '../account/write-button'
import { saySource, shortDigest } from './dataset-words'
import { RejectionsButton } from './rejections-button'

export type DatasetItem = DatasetsQuery['datasets']['edges'][number]['node']

interface DatasetRowProps {
  readonly dataset: DatasetItem
  readonly now: number
  readonly onDelete: () => void
}

const SHOWN = 3

function Relations({ relations }: Pick<DatasetItem, 'relations'>) {
  const names = relations.map(({ relation }) => relation)
  return (
    <span className="muted">
      {names.slice(0, SHOWN).join(', ')}
      {names.length > SHOWN && ' …'}
    </span>
  )
}

export function DatasetRow({ dataset, now, onDelete }: DatasetRowProps) {
  const title = `${dataset.name} version ${dataset.version}`
  return (
    <tr data-testid="dataset-row">
      <td className="row-name">
        <span className="row-title">
          <Link href={`/datasets/${dataset.id}`} prefetch={false}>
            {dataset.name}
          </Link>
          <span className="muted tabular" title="Version: 1 is the first of this name">
            v{dataset.version}
          </span>
          {dataset.bundled && <span className="badge">bundled</span>}
        </span>
        <small className="muted mono" title={dataset.source}>
          {saySource(dataset.source)}
        </small>
      </td>
      <td>
        {dataset.formatTitle}
        <small className="muted tabular">{showBytes(dataset.bytes)}</small>
      </td>
      <td className="number">{showCount(dataset.cases)}</td>
      <td className="number">
        <RejectionsButton dataset={dataset} />
      </td>
      <td>
        <Relations relations={dataset.relations} />
      </td>
      <td className="mono faint" title={`SHA-256 ${dataset.digest}`}>
        {shortDigest(dataset.digest)}
      </td>
      <td className="muted">
        {dataset.author}
        <small>
          <time dateTime={dataset.createdAt} title={new Date(dataset.createdAt).toISOString()}>
            {ageOf(dataset.createdAt, now)}
          </time>
        </small>
      </td>
      <td>
        {!dataset.bundled && (
          <WriteButton
            verb="delete data sets"
            type="button"
            className="icon"
            aria-label={`Delete ${title}`}
            title="Delete"
            onClick={onDelete}
          >
            ×
          </WriteButton>
        )}
      </td>
    </tr>
  )
}
