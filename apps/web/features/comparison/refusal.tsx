// Why evaluations cannot stand in one table.
import Link from 'next/link'
import { Problem } from '../../components/problem'
import type { Comparison } from './comparison-model'

export function Refusal({ refusal }: { readonly refusal: NonNullable<Comparison['refusal']> }) {
  return (
    <div data-testid="refusal">
      <Problem
        title="These evaluations cannot be put side by side"
        message={refusal.message}
        cure={refusal.cure}
        code={refusal.code}
      >
        <ul className="reasons">
          {refusal.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
        <Link className="button small" href="/evaluations" prefetch={false}>
          Choose others
        </Link>
      </Problem>
    </div>
  )
}
