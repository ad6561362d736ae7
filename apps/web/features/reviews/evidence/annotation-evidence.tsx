'use client'
// An annotation as it stands, what it rests on, how it came about, and what the weights of its neuron say.
import Link from 'next/link'
import { useQuery } from 'urql'
import { Problem } from '../../../components/problem'
import {
  TalkReviewedAnnotationDocument,
  TalkReviewedNeuronDocument,
  type TalkReviewedAnnotationQuery,
} from '../../../graphql/generated/graphql'
import { Ago } from '../../comments'
import { MarkdownText } from '../../comments/markdown-text'
import { showToken } from '../../lens/token-text'

type Annotation = NonNullable<TalkReviewedAnnotationQuery['annotation']>

const MOST_WORDS = 12

function Words({ anchor }: Pick<Annotation, 'anchor'>) {
  const { kind, modelId, layer, index } = anchor
  const ofNeuron = kind === 'NEURON' && modelId && layer !== null && index !== null
  const [{ data }] = useQuery({
    query: TalkReviewedNeuronDocument,
    variables: { modelId: modelId ?? '', layer: layer ?? 0, index: index ?? 0 },
    pause: !ofNeuron,
  })
  if (!ofNeuron || !data?.neuron) return null
  const sides = [
    ['Listens to', data.neuron.key],
    ['Writes', data.neuron.value],
  ] as const
  return (
    <section className="card talk-card" aria-label="The words of the neuron">
      <h2>In the vocabulary</h2>
      {sides.map(([name, words]) => (
        <p key={name}>
          <span className="muted">{name}</span>{' '}
          {words.slice(0, MOST_WORDS).map(({ id, text }) => (
            <span key={id} className="chip mono">
              {showToken(text)}
            </span>
          ))}
        </p>
      ))}
    </section>
  )
}

function Versions({ versions }: Pick<Annotation, 'versions'>) {
  return (
    <section className="card talk-card" aria-label="Versions">
      <h2>Versions</h2>
      <ol className="annotation-versions">
        {versions.map((version) => (
          <li key={version.version}>
            <p className="muted">
              Version {version.version}, {version.author.name}, <Ago at={version.createdAt} />
              {version.change && `: ${version.change}`}
            </p>
            <p className="diff-text">
              {version.diff.map(({ kind, text }, index) =>
                kind === 'added' ? (
                  <ins key={index}>{text}</ins>
                ) : kind === 'removed' ? (
                  <del key={index}>{text}</del>
                ) : (
                  <span key={index}>{text}</span>
                ),
              )}
            </p>
          </li>
        ))}
      </ol>
    </section>
  )
}

function Text({ annotation }: { readonly annotation: Annotation }) {
  const { label, description, tags, confidence, anchor, author, evidence, state } = annotation
  return (
    <section className="card talk-card">
      <header className="bar">
        <h2 className="grow">{label}</h2>
        <span className="badge">{state.toLowerCase()}</span>
      </header>
      <p className="muted">
        <Link href={anchor.path} prefetch={false}>
          {anchor.title}
        </Link>
        , by {author.name}, confidence {Math.round(confidence * 100)}%
      </p>
      <MarkdownText text={description} />
      {tags.length > 0 && (
        <p>
          {tags.map((tag) => (
            <span key={tag} className="chip">
              {tag}
            </span>
          ))}
        </p>
      )}
      {evidence.length > 0 && (
        <ul className="evidence-list">
          {evidence.map((one) => (
            <li key={one.anchor.key}>
              <Link href={one.anchor.path} prefetch={false}>
                {one.anchor.title}
              </Link>{' '}
              <span className="muted">{one.note}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

export function AnnotationEvidence({ id }: { readonly id: string }) {
  const [{ data, error }] = useQuery({
    query: TalkReviewedAnnotationDocument,
    variables: { id },
    requestPolicy: 'cache-and-network',
  })
  if (error && !data)
    return <Problem title="The annotation was not read" message="The API does not answer." />
  if (!data) return <div className="card skeleton" style={{ height: 360 }} />
  if (!data.annotation)
    return <Problem title="The annotation is gone" message="It was deleted after the request." />
  return (
    <>
      <Text annotation={data.annotation} />
      <Words anchor={data.annotation.anchor} />
      <Versions versions={data.annotation.versions} />
    </>
  )
}
