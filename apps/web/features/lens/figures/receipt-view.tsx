'use client'
// Where every number comes from: the run's receipt and its gradient checks.
import { CopyText } from '../../../components/copy-text'
import { saveFile } from '../../../components/save-file'
import { matrixFacts } from '../matrix-names'
import { showNumber } from '../numbers'
import type { RunFacts } from '../use-lens-run'
import { receiptRows } from './receipt-model'

function GradientChecks({ run }: { readonly run: RunFacts }) {
  if (run.gradientCheck.length === 0) return null
  return (
    <table className="receipt-checks">
      <caption>
        Gradient check: directional derivative by the factors against a central difference
      </caption>
      <thead>
        <tr>
          <th scope="col">matrix</th>
          <th scope="col">by the factors</th>
          <th scope="col">measured</th>
          <th scope="col">relative error</th>
        </tr>
      </thead>
      <tbody>
        {run.gradientCheck.map((check) => (
          <tr key={check.matrix}>
            <td className="mono">{matrixFacts(check.matrix).label}</td>
            <td className="tabular">{showNumber(check.analytic, 5)}</td>
            <td className="tabular">{showNumber(check.measured, 5)}</td>
            <td className="tabular">{showNumber(check.relativeError, 2)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

export function ReceiptView({ run }: { readonly run: RunFacts }) {
  const json = JSON.stringify(
    {
      run: run.id,
      configDigest: run.configDigest,
      receipt: run.receipt,
      gradientCheck: run.gradientCheck,
    },
    null,
    2,
  )
  return (
    <div className="receipt" data-testid="receipt">
      <div className="bar">
        <CopyText text={json} label="Copy JSON" />
        <button
          type="button"
          className="button small"
          onClick={() => saveFile('imprint-receipt.json', `${json}\n`, 'application/json')}
        >
          Save JSON
        </button>
        <a className="button small" href={run.vectorsUrl} download>
          Vectors (safetensors)
        </a>
      </div>
      {run.device && (
        <p className="receipt-device">
          Computed on <b>{run.device.name}</b> by{' '}
          <span className="mono">{run.device.provider}</span>.
          {run.device.reason !== '' && <span className="muted"> Why: {run.device.reason}.</span>}
        </p>
      )}
      <dl>
        {receiptRows({
          run: run.id,
          configDigest: run.configDigest,
          ...(run.receipt as object | null),
        }).map((row) => (
          <div key={row.name}>
            <dt className="mono">{row.name}</dt>
            <dd className="mono">{row.value}</dd>
          </div>
        ))}
      </dl>
      <GradientChecks run={run} />
    </div>
  )
}
