'use client'
// What the grid shows: matrix, factor, lens, which end, and what the colour means.
import { Choice, type ChoiceOption } from '../../components/choice'
import { Segmented } from '../../components/segmented'
import type { FactorName, LensKind } from '../../graphql/generated/graphql'
import { endLabels } from './grid-model'
import type { GridModel } from './grid-model'
import type { Colour, LensView, Show, Surface } from './lens-view'
import { FACTORS, LENSES, matrixFacts } from './matrix-names'
import type { RunFacts } from './use-lens-run'
import type { UpdateView } from './use-lens-view'

interface ToolbarProps {
  readonly run: RunFacts
  readonly view: LensView
  readonly update: UpdateView
  readonly model: GridModel | null
}

function surfaceOptions(run: RunFacts): ChoiceOption<Surface>[] {
  const matrices = run.matrices.map((name) => ({
    value: name as Surface,
    label: matrixFacts(name).label,
  }))
  return [...matrices, { value: 'HIDDEN', label: 'hidden states' }]
}

const LENS_OPTIONS = (Object.keys(LENSES) as LensKind[]).map((value) => ({
  value,
  label: LENSES[value].label,
}))

function colourOptions(view: LensView): ChoiceOption<Colour>[] {
  const hidden = view.surface === 'HIDDEN'
  const own =
    view.surface === 'HIDDEN' ? null : (view.factor ?? matrixFacts(view.surface).projectable)
  return [
    { value: 'norm', label: own === 'INPUT' ? 'norm of x' : own === 'VJP' ? 'norm of δ' : 'norm' },
    ...(hidden
      ? []
      : [{ value: 'other' as const, label: own === 'INPUT' ? 'norm of δ' : 'norm of x' }]),
    { value: 'rank', label: 'target rank' },
    { value: 'probability', label: 'probability' },
  ]
}

function FactorChoice({ view, update }: FactorProps) {
  if (view.surface === 'HIDDEN') return null
  const own = matrixFacts(view.surface).projectable
  const options = (['VJP', 'INPUT'] as const).map((factor) => ({
    value: factor as FactorName,
    label: `${FACTORS[factor].symbol} ${FACTORS[factor].label}${factor === own ? '' : ', norms only'}`,
  }))
  const value = view.factor ?? own
  return (
    <Choice
      caption="Factor"
      value={value}
      options={options}
      title={FACTORS[value].meaning}
      onChange={(factor) => update({ factor: factor === own ? null : factor })}
    />
  )
}

type FactorProps = Readonly<Pick<ToolbarProps, 'view' | 'update'>>

export function GridToolbar({ run, view, update, model }: ToolbarProps) {
  const labels = endLabels(view.surface, view.sign)
  const lens = view.lens ?? run.lens
  return (
    <div className="bar" role="group" aria-label="What the grid shows">
      <Choice
        caption="Matrix"
        value={view.surface}
        options={surfaceOptions(run)}
        title={
          view.surface === 'HIDDEN'
            ? 'The residual stream after each block: the ordinary logit lens.'
            : matrixFacts(view.surface).meaning
        }
        onChange={(surface) => update({ surface, factor: null })}
      />
      <FactorChoice view={view} update={update} />
      <Choice
        caption="Lens"
        value={lens}
        options={LENS_OPTIONS}
        title={LENSES[lens].meaning}
        onChange={(next) => update({ lens: next === run.lens ? null : next })}
      />
      <Segmented<Show>
        label="Which end of the vocabulary"
        value={view.surface === 'HIDDEN' ? 'written' : view.show}
        disabled={view.surface === 'HIDDEN' || model?.readable === false}
        onChange={(show) => update({ show })}
        segments={(['written', 'removed', 'both'] as const).map((value) => ({
          value,
          label: labels[value],
        }))}
      />
      <Choice
        caption="Colour"
        value={view.colour}
        options={colourOptions(view)}
        onChange={(colour) => update({ colour })}
      />
    </div>
  )
}
