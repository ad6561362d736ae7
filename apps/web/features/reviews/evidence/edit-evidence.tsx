'use client'
// What speaks for and against an edit: before and after, side effects, metrics of its method, receipt, another edit beside it.
import Link from 'next/link'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import { Problem } from '../../../components/problem'
import { useTalker } from '../../comments'
import { LevelBadge } from '../../edits/badges'
import type { Complaint } from '../../edits/complaint'
import { editTitle } from '../../edits/edit-words'
import { RequestLine, spaced } from '../../edits/request-line'
import { EditSummary } from '../../edits/result/edit-summary'
import type { EditFacts } from '../../edits/result/effect-model'
import { LensButtons } from '../../edits/result/lens-buttons'
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

/** What is folded is loaded when it is opened. */
const LensFigure = lazy(async () => ({
  default: (await import('../../edits/result/lens-figure')).LensFigure,
}))
const NormGrowth = lazy(async () => ({
  default: (await import('../../edits/result/norm-growth')).NormGrowth,
}))
const EditReceipt = lazy(async () => ({
  default: (await import('../../edits/result/edit-receipt')).EditReceipt,
}))

function Folded({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const [opened, setOpened] = useState(false)
  return (
    <details
      className="card talk-card"
      onToggle={(event) => setOpened(opened || event.currentTarget.open)}
    >
      <summary>{title}</summary>
      <Suspense fallback={<div className="skeleton" style={{ height: 240 }} />}>
        {opened && children}
      </Suspense>
    </details>
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
      <Folded title="Lens before and after, layer by layer">
        <LensFigure lens={edit.effect.lens} target={target} truth={truth} />
      </Folded>
      <Folded title="Strength, matrix by matrix">
        <NormGrowth growth={edit.growth} />
      </Folded>
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
      <Folded title="Hyperparameters and receipt">
        <EditReceipt edit={edit} />
      </Folded>
    </>
  )
}
