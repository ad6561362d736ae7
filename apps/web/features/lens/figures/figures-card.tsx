'use client'
// Below the grid: the paper's figures for this run, imprint and shift, the next token, and the receipt.
import { Tabs } from 'radix-ui'
import { lazy, memo, Suspense, useMemo } from 'react'
import { useTheme } from '../../shell/theme'
import type { GridModel, GridSource } from '../grid-model'
import type { CellAddress, Tab } from '../lens-view'
import { matrixFacts } from '../matrix-names'
import { showToken } from '../token-text'
import type { RunFacts } from '../use-lens-run'
import type { UpdateView } from '../use-lens-view'
import { GradientRankFigure } from './gradient-rank-figure'
import { ImprintFigure } from './imprint-figure'
import { NextTokenFigure } from './next-token-figure'
import { NormFigureView } from './norm-figure'
import { RankFigureView } from './rank-figure'

/** Read seldom, so its code comes with its tab. */
const ReceiptView = lazy(async () => ({ default: (await import('./receipt-view')).ReceiptView }))

const TABS: ReadonlyArray<{ readonly value: Tab; readonly label: string }> = [
  { value: 'run', label: 'This run' },
  { value: 'imprint', label: 'Imprint and shift' },
  { value: 'next', label: 'Next token' },
  { value: 'receipt', label: 'Receipt' },
]

interface FiguresCardProps {
  readonly run: RunFacts
  readonly source: GridSource
  readonly address: CellAddress
  readonly tab: Tab
  readonly update: UpdateView
}

function ThisRun({ run, source, address }: Pick<FiguresCardProps, 'run' | 'source' | 'address'>) {
  const theme = useTheme()
  const columns = useMemo<GridModel['columns']>(
    () =>
      run.tokens.map((token, position) => ({
        position,
        id: token.id,
        text: showToken(token.text),
        forced: false,
      })),
    [run.tokens],
  )
  const matrix = source.kind === 'matrix' ? source.grid.matrix : null
  const what = matrix
    ? `${matrixFacts(matrix).label} ${source.kind === 'matrix' && source.grid.factor === 'VJP' ? 'δ' : 'x'}`
    : 'hidden states'
  return (
    <div className="figure-row">
      <RankFigureView
        source={source}
        columns={columns}
        vocabularySize={run.model.vocabularySize}
        selected={address.position}
        what={what}
        target={showToken(run.rankedTarget?.text ?? 'the target')}
      />
      <NormFigureView
        source={source}
        columns={columns}
        theme={theme}
        what={matrix ? matrixFacts(matrix).label : 'hidden states'}
        selected={address}
      />
      {matrix && <GradientRankFigure run={run} matrix={matrix} selectedLayer={address.layer} />}
    </div>
  )
}

/** Drawn again only for another cell, tab or run, and after the grid has been. */
export const FiguresCard = memo(function FiguresCard({
  run,
  source,
  address,
  tab,
  update,
}: FiguresCardProps) {
  return (
    <section className="card figures" aria-label="Figures">
      <Tabs.Root value={tab} onValueChange={(tab) => update({ tab: tab as Tab })}>
        <Tabs.List className="tabs" aria-label="Figures of this run">
          {TABS.map((tab) => (
            <Tabs.Trigger key={tab.value} value={tab.value}>
              {tab.label}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        <Tabs.Content value="run">
          <ThisRun run={run} source={source} address={address} />
        </Tabs.Content>
        <Tabs.Content value="imprint">
          <ImprintFigure run={run} address={address} onMove={(place) => update(place)} />
        </Tabs.Content>
        <Tabs.Content value="next">
          <NextTokenFigure run={run} />
        </Tabs.Content>
        <Tabs.Content value="receipt">
          <Suspense>
            <ReceiptView run={run} />
          </Suspense>
        </Tabs.Content>
      </Tabs.Root>
    </section>
  )
})
