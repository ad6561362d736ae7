'use client'
// Each prompt the edit was measured with: probabilities before and after, what the model says, and a verdict.
import { formatCsv } from '../../../components/csv'
import { saveFile } from '../../../components/save-file'
import { showNumber } from '../../lens/numbers'
import { showToken } from '../../lens/token-text'
import { showChance } from '../chance'
import { PROMPT_KINDS } from '../edit-words'
import { verdictOf, type PromptEffect } from './effect-model'

const HEADER = [
  'kind',
  'prompt',
  'target',
  'truth',
  'target_before',
  'target_after',
  'truth_before',
  'truth_after',
  'says_before',
  'says_after',
  'kl',
  'verdict',
] as const

const says = (next: PromptEffect['before']) => next.top[0]?.text ?? ''

function csvOf(prompts: readonly PromptEffect[]): string {
  return formatCsv(
    HEADER,
    prompts.map((prompt) => [
      PROMPT_KINDS[prompt.kind],
      prompt.prompt,
      prompt.target,
      prompt.truth,
      prompt.before.targetProbability,
      prompt.after.targetProbability,
      prompt.before.truthProbability,
      prompt.after.truthProbability,
      says(prompt.before),
      says(prompt.after),
      prompt.divergence,
      verdictOf(prompt).label,
    ]),
  )
}

function Pair({
  before,
  after,
}: {
  readonly before: number | null
  readonly after: number | null
}) {
  if (before === null || after === null) return <td className="faint">–</td>
  return (
    <td>
      <span className="probe-pair">
        <i aria-hidden>
          <i data-tone="before" style={{ width: `${(before * 100).toFixed(1)}%` }} />
          <i data-tone="after" style={{ width: `${(after * 100).toFixed(1)}%` }} />
        </i>
        <span className="tabular">
          {showChance(before)} → <b>{showChance(after)}</b>
        </span>
      </span>
    </td>
  )
}

function Row({ prompt }: { readonly prompt: PromptEffect }) {
  const verdict = verdictOf(prompt)
  return (
    <tr>
      <td className="muted">{PROMPT_KINDS[prompt.kind]}</td>
      <td className="mono probe-prompt">{prompt.prompt}</td>
      <Pair before={prompt.before.targetProbability} after={prompt.after.targetProbability} />
      <Pair before={prompt.before.truthProbability} after={prompt.after.truthProbability} />
      <td className="mono">
        {showToken(says(prompt.before))}
        {says(prompt.before) !== says(prompt.after) && <> → {showToken(says(prompt.after))}</>}
      </td>
      <td className="tabular" title="KL divergence of the next token, before from after, in nats">
        {showNumber(prompt.divergence, 2)}
      </td>
      <td>
        <span className="verdict" data-tone={verdict.tone} title={verdict.meaning}>
          {verdict.label}
        </span>
      </td>
    </tr>
  )
}

export function ProbeTable({ prompts }: { readonly prompts: readonly PromptEffect[] }) {
  return (
    <section className="card" aria-labelledby="probes-title">
      <div className="card-head">
        <h2 id="probes-title" className="grow">
          Prompt by prompt
        </h2>
        <button
          type="button"
          className="link"
          onClick={() => saveFile('edit-prompts.csv', csvOf(prompts), 'text/csv')}
        >
          CSV
        </button>
      </div>
      <div className="table-card" tabIndex={0} role="region" aria-label="Prompts before and after">
        <table className="probe-table" data-testid="probe-table">
          <thead>
            <tr>
              <th scope="col">Kind</th>
              <th scope="col">Prompt</th>
              <th scope="col">P(target)</th>
              <th scope="col" title="Of the answer before the edit; of a neighbor its own">
                P(right answer)
              </th>
              <th scope="col">Says</th>
              <th scope="col">KL</th>
              <th scope="col">Verdict</th>
            </tr>
          </thead>
          <tbody>
            {prompts.map((prompt, index) => (
              <Row key={index} prompt={prompt} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
