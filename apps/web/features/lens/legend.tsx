// What colour, weight and hatching mean, with units; and which way the update goes.
import { rampGradient, type Theme } from './colour-scale'
import type { GridModel } from './grid-model'
import type { LensView } from './lens-view'
import type { UpdateView } from './use-lens-view'
import { matrixFacts } from './matrix-names'

function directionOf(model: GridModel, view: LensView): string {
  if (model.surface === 'HIDDEN')
    return 'The residual stream after each block, read in words: the ordinary logit lens.'
  if (!model.readable)
    return 'This factor lives among neurons or heads, not in the vocabulary: it has a size, but no words.'
  if (matrixFacts(model.surface).projectable === 'INPUT')
    return 'The update imprints this input on what the matrix responds to: its words say what the weights will respond to more, or less.'
  if (view.sign === 'raw')
    return 'Raw gradient: it points away from the target. The update subtracts it.'
  const end = {
    written: 'the least probable end is what is written',
    removed: 'the most probable end is what is taken away',
    both: 'left is written, right is taken away',
  }
  return `The update subtracts the gradient, so ${end[view.show]}.`
}

interface LegendProps {
  readonly model: GridModel
  readonly view: LensView
  readonly update: UpdateView
  readonly theme: Theme
}

function SignSwitch({ model, view, update }: Omit<LegendProps, 'theme'>) {
  if (
    model.surface === 'HIDDEN' ||
    !model.readable ||
    matrixFacts(model.surface).projectable !== 'VJP'
  )
    return null
  const other = view.sign === 'update' ? 'raw' : 'update'
  return (
    <button type="button" className="link" onClick={() => update({ sign: other })}>
      {other === 'raw' ? 'Show the raw gradient' : 'Show what the update does'}
    </button>
  )
}

export function Legend({ model, view, update, theme }: LegendProps) {
  return (
    <div className="legend" data-testid="legend">
      <span className="scale">
        {model.caption} <span className="mono">{model.ticks[0]}</span>
        <span className="ramp" style={{ background: rampGradient(theme) }} aria-hidden />
        <span className="mono">{model.ticks[1]}</span>
      </span>
      <span>
        <b>Bold</b>: the target. Hatched: nothing is written. {directionOf(model, view)}{' '}
        <SignSwitch model={model} view={view} update={update} />
      </span>
    </div>
  )
}
