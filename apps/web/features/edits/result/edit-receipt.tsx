'use client'
// Where the numbers come from: hyperparameters, cost, what was stored, and the receipt.
import { CopyText } from '../../../components/copy-text'
import { saveFile } from '../../../components/save-file'
import { receiptRows } from '../../lens/figures/receipt-model'
import { matrixFacts } from '../../lens/matrix-names'
import { showCount, showDuration, showNumber } from '../../lens/numbers'
import { showBytes } from '../../models/model-facts'
import { showValue } from '../lab/hyperparameter-model'
import type { EditFacts } from './effect-model'

interface Row {
  readonly name: string
  readonly value: string
}

function Rows({ title, rows }: { readonly title: string; readonly rows: readonly Row[] }) {
  if (rows.length === 0) return null
  return (
    <section>
      <h3>{title}</h3>
      <dl>
        {rows.map((row) => (
          <div key={row.name}>
            <dt className="mono">{row.name}</dt>
            <dd className="mono">{row.value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function costRows({ cost }: EditFacts): readonly Row[] {
  if (!cost) return []
  return [
    { name: 'time', value: showDuration(cost.milliseconds / 1000) },
    { name: 'passes', value: showCount(cost.passes) },
    { name: 'sequences', value: showCount(cost.sequences) },
    { name: 'tokens', value: showCount(cost.tokens) },
    { name: 'peak memory', value: showBytes(cost.peakBytes) },
  ]
}

const deltaRows = ({ deltas }: EditFacts): readonly Row[] =>
  deltas.map((delta) => ({
    name: `${delta.layer} ${matrixFacts(delta.matrix).label}`,
    value: `${delta.kind === 'DENSE' ? 'dense' : `rank ${delta.rank ?? '–'}`}, ${delta.inputWidth} × ${delta.outputWidth}, norm ${showNumber(delta.norm, 3)}, ${showBytes(delta.bytes)}${delta.hasBias ? ', with bias' : ''}`,
  }))

export function EditReceipt({ edit }: { readonly edit: EditFacts }) {
  const json = JSON.stringify(
    { edit: edit.id, digest: edit.digest, receipt: edit.receipt },
    null,
    2,
  )
  const given = (edit.hyperparameters ?? {}) as Readonly<Record<string, unknown>>
  return (
    <div className="receipt edit-receipt" data-testid="edit-receipt">
      <div className="bar">
        <CopyText text={json} label="Copy receipt" />
        <button
          type="button"
          className="button small"
          onClick={() => saveFile('imprint-edit-receipt.json', `${json}\n`, 'application/json')}
        >
          Save JSON
        </button>
      </div>
      <Rows
        title="Hyperparameters"
        rows={Object.entries(given).map(([name, value]) => ({
          name,
          value: showValue(value) || 'none',
        }))}
      />
      <Rows title="Cost" rows={costRows(edit)} />
      <Rows title="Stored" rows={deltaRows(edit)} />
      <Rows
        title="Receipt"
        rows={receiptRows({
          edit: edit.id,
          digest: edit.digest,
          seed: edit.seed,
          receipt: edit.receipt,
        })}
      />
    </div>
  )
}
