'use client'
// The moments that move a neuron most: the prompt with the token marked, activation and coefficient in colour, the cell in the lens.
import Link from 'next/link'
import { showNumber } from '../../lens/numbers'
import { showToken } from '../../lens/token-text'
import { largestSize, signedTone } from '../signed-scale'
import type { NeuronFacts } from './words-card'

type Moment = NeuronFacts['moments'][number]

interface MomentsProps {
  readonly moments: readonly Moment[]
  readonly layer: number
}

function Signed({
  value,
  largest,
  name,
}: {
  readonly value: number
  readonly largest: number
  readonly name: string
}) {
  const { side, strength } = signedTone(value, largest)
  return (
    <span
      className="signed"
      data-side={side}
      style={{ '--strength': `${(8 + strength * 44).toFixed(0)}%` } as React.CSSProperties}
    >
      <span className="hidden-text">{name} </span>
      {showNumber(value)}
    </span>
  )
}

/** Tokens around the marked one; a long prompt is cut on both sides. */
const AROUND = 14

function PromptTokens({ moment }: { readonly moment: Moment }) {
  const tokens = moment.run?.tokens
  if (!tokens || tokens.length === 0)
    return <span className="mono">{moment.prompt ?? showToken(moment.token)}</span>
  const first = Math.max(0, moment.position - AROUND)
  const last = Math.min(tokens.length, moment.position + AROUND + 1)
  return (
    <span className="mono moment-tokens">
      {first > 0 && '…'}
      {tokens.slice(first, last).map((token, place) => {
        const here = first + place === moment.position
        return here ? (
          <mark key={place} title={`Position ${moment.position}`}>
            {showToken(token.text)}
          </mark>
        ) : (
          <span key={place}>{token.text}</span>
        )
      })}
      {last < tokens.length && '…'}
    </span>
  )
}

export function momentAddress(
  moment: Pick<Moment, 'run' | 'position'>,
  layer: number,
): string | null {
  return moment.run ? `/lens?run=${moment.run.id}&cell=${layer}.${moment.position}` : null
}

function MomentRow({
  moment,
  layer,
  most,
}: {
  readonly moment: Moment
  readonly layer: number
  readonly most: readonly [number, number]
}) {
  const address = momentAddress(moment, layer)
  return (
    <li data-testid="neuron-moment">
      {address ? (
        <Link href={address} prefetch={false} title="Open this cell in the lens">
          <PromptTokens moment={moment} />
        </Link>
      ) : (
        <PromptTokens moment={moment} />
      )}
      <Signed value={moment.activation} largest={most[0]} name="activation" />
      <Signed value={moment.coefficient} largest={most[1]} name="gradient" />
    </li>
  )
}

export function Moments({ moments, layer }: MomentsProps) {
  const most = [
    largestSize(moments.map(({ activation }) => activation)),
    largestSize(moments.map(({ coefficient }) => coefficient)),
  ] as const
  return (
    <div className="moments">
      <p className="moments-head" aria-hidden>
        <span>Prompt</span>
        <span>activation</span>
        <span>gradient</span>
      </p>
      <ol>
        {moments.map((moment, place) => (
          <MomentRow
            key={`${moment.run?.id ?? ''}${moment.position}${place}`}
            moment={moment}
            layer={layer}
            most={most}
          />
        ))}
      </ol>
    </div>
  )
}
