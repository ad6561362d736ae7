'use client'
// One edit: while it is computed its progress, then what it did and what it wrote.
import Link from 'next/link'
import { useSearchParams } from 'next/navigation'
import { Tabs } from 'radix-ui'
import { useState } from 'react'
import { Problem } from '../../../components/problem'
import { useHydrated } from '../../../components/use-hydrated'
import { Generations } from '../effect/generations'
import { NextTokens } from '../effect/next-tokens'
import { isLive } from '../edit-words'
import { labAddress } from '../lab/lab-view'
import { spaced } from '../request-line'
import { StackCard } from '../stack/stack-card'
import { EditEnded } from './edit-ended'
import { EditHeader } from './edit-header'
import { EditProgress } from './edit-progress'
import { EditReceipt } from './edit-receipt'
import { EditSummary } from './edit-summary'
import type { EditFacts } from './effect-model'
import { LensFigure } from './lens-figure'
import { NormGrowth } from './norm-growth'
import { ProbeTable } from './probe-table'
import { Readings } from './readings'
import { Traces } from './traces'
import { useEdit } from './use-edit'

const TABS = [
  ['wrote', 'What it wrote'],
  ['lens', 'Lens before and after'],
  ['norms', 'Strength'],
  ['trace', 'Trace'],
  ['receipt', 'Hyperparameters and receipt'],
] as const

type Tab = (typeof TABS)[number][0]

function againAddress(edit: EditFacts): string {
  return labAddress({
    modelId: edit.model.id,
    method: edit.method,
    requests: edit.requests,
    truth: edit.probes.truth?.trim() ?? '',
    paraphrases: edit.probes.paraphrases,
    neighbors: edit.probes.neighbors,
    generationPrompts: edit.probes.generationPrompts,
    hyperparameters: (edit.hyperparameters ?? {}) as Record<string, unknown>,
    seed: edit.seed,
    onTopOf: edit.onTopOf,
  })
}

function useTab(): readonly [Tab, (tab: Tab) => void] {
  const asked = useSearchParams().get('tab')
  const [tab, setTab] = useState<Tab>(TABS.find(([value]) => value === asked)?.[0] ?? 'wrote')
  const choose = (next: Tab) => {
    setTab(next)
    window.history.replaceState(
      null,
      '',
      next === 'wrote' ? window.location.pathname : `?tab=${next}`,
    )
  }
  return [tab, choose]
}

function Inside({ edit }: { readonly edit: EditFacts }) {
  const [tab, choose] = useTab()
  // Ranks are those of a target.
  const tabs = edit.requests.length > 0 ? TABS : TABS.filter(([value]) => value !== 'lens')
  const target = spaced(edit.requests[0]?.target ?? '')
  const truth = edit.probes.truth ? spaced(edit.probes.truth) : null
  return (
    <section className="card figures" aria-label="Inside the edit">
      <Tabs.Root value={tab} onValueChange={(next) => choose(next as Tab)}>
        <Tabs.List className="tabs" aria-label="Inside the edit">
          {tabs.map(([value, label]) => (
            <Tabs.Trigger key={value} value={value}>
              {label}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        <Tabs.Content value="wrote">
          <Readings readings={edit.readings} vocabularySize={edit.model.vocabularySize} />
        </Tabs.Content>
        <Tabs.Content value="lens">
          <LensFigure lens={edit.effect?.lens ?? []} target={target} truth={truth} />
        </Tabs.Content>
        <Tabs.Content value="norms">
          <NormGrowth growth={edit.growth} />
        </Tabs.Content>
        <Tabs.Content value="trace">
          <Traces traces={edit.trace} />
        </Tabs.Content>
        <Tabs.Content value="receipt">
          <EditReceipt edit={edit} />
        </Tabs.Content>
      </Tabs.Root>
    </section>
  )
}

function Notices({ edit }: { readonly edit: EditFacts }) {
  return (
    <>
      {edit.outcome === 'SKIPPED' && (
        <div className="notice" data-testid="edit-skipped">
          <b>Skipped: nothing was written.</b> {edit.skipReason}
        </div>
      )}
      {edit.warnings.map((warning) => (
        <div key={warning} className="notice">
          {warning}
        </div>
      ))}
    </>
  )
}

function Result({ edit, alive }: { readonly edit: EditFacts; readonly alive: boolean }) {
  const rewrite = edit.effect?.prompts.find(({ kind }) => kind === 'REWRITE')
  return (
    <>
      <EditSummary edit={edit} />
      <div className="effect-row">
        {rewrite && (
          <section className="card pad" aria-labelledby="next-title">
            <h2 id="next-title">Next token</h2>
            <p className="muted mono">{rewrite.prompt}</p>
            <NextTokens prompt={rewrite} />
          </section>
        )}
        {edit.effect && edit.effect.generations.length > 0 && (
          <section className="card pad" aria-labelledby="text-title">
            <h2 id="text-title">Continued, word by word</h2>
            <Generations pairs={edit.effect.generations} />
          </section>
        )}
      </div>
      {alive && edit.effect && <ProbeTable prompts={edit.effect.prompts} />}
      {alive && <Inside edit={edit} />}
      {alive && <StackCard modelId={edit.model.id} edit={edit} />}
    </>
  )
}

export function EditPage({ id }: { readonly id: string }) {
  const { edit, task, missing, problem, reload } = useEdit(id)
  const alive = useHydrated()
  if (missing)
    return (
      <main className="page" id="main" data-testid="edit-missing">
        <Problem
          title="There is no such edit"
          message="It was deleted, or the address is mistyped."
        >
          <Link className="button small" href="/edits">
            All edits
          </Link>
        </Problem>
      </main>
    )
  if (!edit || !task)
    return (
      <main className="page" id="main" aria-busy={problem === null}>
        {problem ? (
          <Problem title="The edit could not be read" message={problem}>
            <button type="button" className="button small" onClick={reload}>
              Try again
            </button>
          </Problem>
        ) : (
          <>
            <div className="skeleton" style={{ height: 110 }} />
            <div className="card skeleton" style={{ height: 420 }} />
          </>
        )}
      </main>
    )
  const again = againAddress(edit)
  const ended = task.state === 'FAILED' || task.state === 'CANCELLED'
  return (
    <main
      className="page edit-page"
      id="main"
      data-testid="edit-page"
      data-state={task.state.toLowerCase()}
      inert={!alive}
    >
      <EditHeader edit={edit} again={again} />
      <Notices edit={edit} />
      {isLive(task.state) && <EditProgress editId={edit.id} task={task} onCancelled={reload} />}
      {ended && <EditEnded editId={edit.id} task={task} again={again} onRetried={reload} />}
      {edit.task.state === 'DONE' && edit.effect && <Result edit={edit} alive={alive} />}
    </main>
  )
}
