'use client'
// The series of numbers kept with an edit, such as the loss at each step.
import { FigureFrame } from '../../lens/figures/figure-frame'
import { LinePlotView } from '../plot/line-plot'
import { chooseScale, type Series } from '../plot/line-plot-model'
import type { EditFacts } from './effect-model'

export function Traces({ traces }: { readonly traces: EditFacts['trace'] }) {
  if (traces.length === 0)
    return <p className="muted">This method computes in one step: it leaves no trace.</p>
  return (
    <div className="two-columns">
      {traces.map((trace) => {
        const series: readonly Series[] = [
          { name: trace.name, values: trace.values, tone: 'first' },
        ]
        return (
          <FigureFrame
            key={trace.name}
            title={trace.name}
            caption={`${trace.unit || 'value'}, by step`}
            fileName={`edit-${trace.name.replace(/\W+/g, '-')}`}
            table={() => ({
              header: ['step', trace.name],
              rows: trace.values.map((value, step) => [step, value]),
            })}
          >
            <LinePlotView
              series={series}
              scale={chooseScale(series)}
              label={`${trace.name} over ${trace.values.length} steps`}
              xTitle="step"
            />
          </FigureFrame>
        )
      })}
    </div>
  )
}
