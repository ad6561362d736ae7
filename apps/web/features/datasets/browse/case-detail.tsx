// One case in full: what is asked of a model before and after an edit, and the way into the lens and the lab.
import Link from 'next/link'
import { joinPrompt } from '../../edits/edit-words'
import { EMPTY_LAB, labAddress, withFact } from '../../edits/lab/lab-view'
import { many } from '../dataset-words'
import { CasePrompt } from './case-prompt'
import type { DatasetCase } from './use-case-window'

function Prompts({ title, lines }: { readonly title: string; readonly lines: readonly string[] }) {
  if (lines.length === 0) return null
  return (
    <section>
      <h3>{title}</h3>
      <ul>
        {lines.map((line, index) => (
          <li key={index}>{line}</li>
        ))}
      </ul>
    </section>
  )
}

function editAddress(one: DatasetCase): string {
  return labAddress(
    withFact(EMPTY_LAB, {
      prompt: one.prompt,
      subject: one.subject,
      target: one.targetNew ?? '',
      truth: one.targetTrue ?? '',
      paraphrases: one.paraphrases,
      neighbors: one.neighbors,
      generationPrompts: one.generationPrompts,
    }),
  )
}

function lensAddress(one: DatasetCase): string {
  const query = new URLSearchParams({
    prompt: joinPrompt(one.prompt, one.subject),
    target: (one.targetNew ?? one.targetTrue ?? '').trim(),
  })
  return `/lens?${query.toString()}`
}

export function CaseDetail({ one }: { readonly one: DatasetCase | null }) {
  if (!one)
    return (
      <p className="muted">Choose a row to see its paraphrases, neighbors and other prompts.</p>
    )
  return (
    <div className="case-detail" data-testid="case-detail">
      <p className="case-asked">
        <CasePrompt prompt={one.prompt} subject={one.subject} />
      </p>
      <p>
        <s className="muted mono">{one.targetTrue?.trim()}</s>{' '}
        <b className="accent mono">{one.targetNew?.trim()}</b>
      </p>
      <p className="muted">
        {one.relation}, case <span className="mono">{one.caseId}</span>
      </p>
      <Prompts title={many(one.paraphrases.length, 'paraphrase')} lines={one.paraphrases} />
      <Prompts
        title={many(one.neighbors.length, 'neighbor')}
        lines={one.neighbors.map(({ prompt, target }) => `${prompt} → ${target.trim()}`)}
      />
      <Prompts
        title={many(one.generationPrompts.length, 'prompt') + ' to continue'}
        lines={one.generationPrompts}
      />
      <p className="bar">
        <Link className="button small" href={lensAddress(one)} prefetch={false}>
          Open in the lens
        </Link>
        {one.targetNew && (
          <Link className="button small" href={editAddress(one)} prefetch={false}>
            Edit this fact
          </Link>
        )}
      </p>
    </div>
  )
}
