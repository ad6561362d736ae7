'use client'
// What speaks for and against an edit: before and after, side effects, metrics of its method, receipt, another edit beside it.
import Link from 'next/link'
import { useState } from 'react'
import { Problem } from '../../../components/problem'
import { useTalker } from '../../comments'
import { LevelBadge } from '../../edits/badges'
import type { Complaint } from '../../edits/complaint'
import { editTitle } from '../../edits/edit-words'
import { RequestLine, spaced } from '../../edits/request-line'
import { EditReceipt } from '../../edits/result/edit-receipt'
import { EditSummary } from '../../edits/result/edit-summary'
import type { EditFacts } from '../../edits/result/effect-model'
import { LensButtons } from '../../edits/result/lens-buttons'
import { LensFigure } from '../../edits/result/lens-figure'
import { NormGrowth } from '../../edits/result/norm-growth'
import { ProbeTable } from '../../edits/result/probe-table'
import { useEdit } from '../../edits/result/use-edit'
import { EditDiff } from './edit-diff'
import { MethodMetrics } from './method-metrics'

function Head({ edit }: { readonly edit: EditFacts }) {
  const talker = useTalker()
  const [refused, setRefused] = useState<Complaint | null>(null)
  return (
    <section className="card talk-card">
      <header className="bar">
        <h2 className="grow">
          <Link href={`/edits/${edit.id}`} prefetch={false}>
            {editTitle(edit)}
          </Link>
        </h2>
        {edit.summary && <LevelBadge level={edit.summary.level} />}
        {edit.outcome === 'EDITED' && talker.may('COMPUTE') && (
          <LensButtons edit={edit} onRefused={setRefused} />
        )}
      </header>
      <ul className="edit-requests">
        {edit.requests.map((request, index) => (
          <li key={index}>
            <RequestLine request={request} truth={index === 0 ? edit.probes.truth : null} />
          </li>
        ))}
      </ul>
      <p className="muted">
        {edit.methodTitle} on {edit.model.name}, {edit.applied ? 'applied' : 'not applied'}
      </p>
      {edit.outcome === 'SKIPPED' && (
        <p className="notice">
          <b>Skipped: nothing was written.</b> {edit.skipReason}
        </p>
      )}
      {edit.warnings.map((warning) => (
        <p key={warning} className="notice">
          {warning}
        </p>
      ))}
      {refused && <Problem title="The lens was not opened" {...refused} />}
    </section>
  )
}

function Effect({ edit }: { readonly edit: EditFacts }) {
  if (!edit.effect)
    return (
      <p className="card pad muted">
        This edit has no result yet: {edit.task.state.toLowerCase()}.
      </p>
    )
  const target = spaced(edit.requests[0]?.target ?? '')
  const truth = edit.probes.truth ? spaced(edit.probes.truth) : null
  return (
    <>
      <EditSummary edit={edit} />
      <ProbeTable prompts={edit.effect.prompts} />
      <details className="card talk-card">
        <summary>Lens before and after, layer by layer</summary>
        <LensFigure lens={edit.effect.lens} target={target} truth={truth} />
      </details>
      <details className="card talk-card">
        <summary>Strength, matrix by matrix</summary>
        <NormGrowth growth={edit.growth} />
      </details>
    </>
  )
}

export function EditEvidence({ id }: { readonly id: string }) {
  const { edit, missing, problem } = useEdit(id)
  if (missing)
    return <Problem title="The edit is gone" message="It was deleted after the request." />
  if (problem) return <Problem title="The edit was not read" message={problem} />
  if (!edit) return <div className="card skeleton" style={{ height: 640 }} />
  return (
    <>
      <Head edit={edit} />
      <Effect edit={edit} />
      <MethodMetrics method={edit.method} modelId={edit.model.id} />
      <EditDiff edit={edit} />
      <details className="card talk-card">
        <summary>Hyperparameters and receipt</summary>
        <EditReceipt edit={edit} />
      </details>
    </>
  )
}
