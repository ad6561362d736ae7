// One model: what it is, what it takes to run it, and the way into the lens.
import Link from 'next/link'
import type { ModelPartsFragment } from '../../graphql/generated/graphql'
import { matrixLabel, sayMemory, showBytes, showMagnitude } from './model-facts'

interface ModelCardProps {
  readonly model: ModelPartsFragment
  /** Bytes a model may still take on the server. */
  readonly memoryAvailable: number
}

type Fact = readonly [name: string, value: string]

function factsOf(model: ModelPartsFragment, memoryAvailable: number): readonly Fact[] {
  const memory = sayMemory(model.memoryNeeded ?? null, memoryAvailable)
  return [
    ['family', model.family],
    ['layers', String(model.layers)],
    ['width', model.width.toLocaleString('en-US')],
    ['heads', String(model.heads)],
    ['context', `${model.contextLength.toLocaleString('en-US')} tokens`],
    ['vocabulary', model.vocabularySize.toLocaleString('en-US')],
    ['parameters', showMagnitude(model.parameters)],
    ['weights', `${showBytes(model.bytes)}, ${model.dtype}`],
    ...(memory === null ? [] : [['memory for a run', memory] as const]),
    ['tokenizer', model.hasTokenizer ? 'yes' : 'no: token ids only'],
  ]
}

export function ModelCard({ model, memoryAvailable }: ModelCardProps) {
  const tooLarge = (model.memoryNeeded ?? 0) > memoryAvailable
  return (
    <li className="card model-card" data-testid="model-card" id={`model-${model.id}`}>
      <header>
        <h2>{model.name}</h2>
        {model.bundled && <span className="badge">bundled</span>}
        {!model.available && (
          <span className="badge" data-state="failed">
            not available
          </span>
        )}
        {model.available && tooLarge && (
          <span className="badge" data-state="failed">
            does not fit now
          </span>
        )}
      </header>
      {model.unavailableReason && <p className="muted">{model.unavailableReason}</p>}
      <dl>
        {factsOf(model, memoryAvailable).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className="mono digest" title="SHA-256 of the weights">
        {model.digest}
      </p>
      <p className="muted">{model.matrices.map(matrixLabel).join(', ')}</p>
      {model.available && (
        <Link className="button small" href={`/lens?model=${encodeURIComponent(model.id)}`}>
          Open in the lens
        </Link>
      )}
    </li>
  )
}
