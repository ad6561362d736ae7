'use client'
// The models this installation can read, their facts, and how to add one.
import Link from 'next/link'
import { useState } from 'react'
import { useQuery } from 'urql'
import { Problem } from '../../components/problem'
import { ModelsDocument, type ModelsQuery } from '../../graphql/generated/graphql'
import { matrixLabel, showBytes, showMagnitude } from './model-facts'

type ModelItem = ModelsQuery['models']['edges'][number]['node']

function ModelCard({ model }: { readonly model: ModelItem }) {
  const facts: ReadonlyArray<readonly [string, string]> = [
    ['family', model.family],
    ['layers', String(model.layers)],
    ['width', model.width.toLocaleString('en-US')],
    ['heads', String(model.heads)],
    ['context', `${model.contextLength.toLocaleString('en-US')} tokens`],
    ['vocabulary', model.vocabularySize.toLocaleString('en-US')],
    ['parameters', showMagnitude(model.parameters)],
    ['weights', `${showBytes(model.bytes)}, ${model.dtype}`],
    ['tokenizer', model.hasTokenizer ? 'yes' : 'no: token ids only'],
  ]
  return (
    <li className="card model-card" data-testid="model-card">
      <header>
        <h2>{model.name}</h2>
        {model.bundled && <span className="badge">bundled</span>}
        {!model.available && (
          <span className="badge" data-state="failed">
            not available
          </span>
        )}
      </header>
      {model.unavailableReason && <p className="muted">{model.unavailableReason}</p>}
      <dl>
        {facts.map(([name, value]) => (
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

const COMMAND = 'npm run --silent lens -- models add path/to/model'

function HowToAdd() {
  const [copied, setCopied] = useState(false)
  const copy = () => {
    void navigator.clipboard?.writeText(COMMAND).then(() => setCopied(true))
    setTimeout(() => setCopied(false), 2000)
  }
  return (
    <section className="card how-to">
      <h2>Add a model</h2>
      <p>
        Any GPT-2 in Hugging Face layout: a directory with <code>config.json</code>,{' '}
        <code>model.safetensors</code> and, to type text instead of token ids,{' '}
        <code>tokenizer.json</code>. Nothing is uploaded; the weights are linked or copied into
        Imprint’s own store. From the repository’s root:
      </p>
      <pre tabIndex={0} role="region" aria-label="Command">
        <code>{COMMAND}</code>
      </pre>
      <button type="button" className="button small" onClick={copy} aria-live="polite">
        {copied ? 'Copied' : 'Copy'}
      </button>
    </section>
  )
}

export function ModelsPage() {
  const [{ data, error }] = useQuery({
    query: ModelsDocument,
    variables: { first: 100 },
    requestPolicy: 'cache-and-network',
  })
  return (
    <main className="page" id="main">
      <h1>Models</h1>
      {error && !data && (
        <Problem
          title="The models could not be read"
          message={error.graphQLErrors[0]?.message ?? 'The API does not answer.'}
        />
      )}
      <ul className="model-list">
        {data?.models.edges.map(({ node }) => (
          <ModelCard key={node.id} model={node} />
        ))}
        {!data && !error && <li className="card model-card skeleton" style={{ height: 300 }} />}
      </ul>
      {data && data.models.edges.length === 0 && (
        <p className="muted">No model has been added yet.</p>
      )}
      {(data || error) && <HowToAdd />}
    </main>
  )
}
