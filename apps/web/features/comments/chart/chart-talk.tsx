'use client'
// Comments on a chart: its numbered regions, and the sheet in which they are read and written.
import { createContext, lazy, Suspense, useContext, useMemo, useState, type ReactNode } from 'react'
import { useQuery } from 'urql'
import { TalkCommentsDocument } from '../../../graphql/generated/graphql'
import { chartAnchor, type Region } from '../anchors'
import { useTalker } from '../use-talker'
import { numberedRegions, pixelsOf, type NumberedRegion } from './region-model'

const CommentsSheet = lazy(async () => ({ default: (await import('../sheet')).CommentsSheet }))

/** The page whose charts can be talked about; null where they cannot. */
const PageContext = createContext<string | null>(null)

export function ChartPage({
  page,
  children,
}: {
  readonly page: string
  readonly children: ReactNode
}) {
  return <PageContext value={page}>{children}</PageContext>
}

export interface ChartTalk {
  readonly page: string
  readonly chart: string
  readonly regions: readonly NumberedRegion[]
  readonly threads: number
  /** The region that was pulled last; null when it was let go. */
  readonly pulled: Region | null
  readonly pull: (region: Region | null) => void
  readonly opened: boolean
  readonly open: (on: boolean) => void
}

const NOWHERE = '/'
const NONE = { additionalTypenames: ['Comment'] }

/** @param chart its name, with what its axes show: a region means nothing on other axes */
export function useChartTalk(chart: string): ChartTalk | null {
  const page = useContext(PageContext)
  const anchor = useMemo(() => chartAnchor(page ?? NOWHERE, chart), [page, chart])
  const [{ data }] = useQuery({
    query: TalkCommentsDocument,
    variables: { anchor, withParts: false },
    pause: page === null,
    requestPolicy: 'cache-and-network',
    context: NONE,
  })
  const [state, setState] = useState<{ chart: string; region: Region | null; opened: boolean }>({
    chart,
    region: null,
    opened: false,
  })
  const regions = useMemo(() => numberedRegions(data?.comments ?? []), [data])
  if (page === null) return null
  const current = state.chart === chart ? state : { chart, region: null, opened: false }
  return {
    page,
    chart,
    regions,
    threads: data?.comments.length ?? 0,
    pulled: current.region,
    pull: (region) => setState({ ...current, region }),
    opened: current.opened,
    open: (opened) => setState({ ...current, opened }),
  }
}

export function ChartTalkControls({
  talk,
  title,
}: {
  readonly talk: ChartTalk | null
  readonly title: string
}) {
  const talker = useTalker()
  if (!talk) return null
  const { pulled, threads, page, chart, opened, open, pull } = talk
  const may = talker.may('ANNOTATE')
  return (
    <>
      <button
        type="button"
        className="link"
        disabled={!may && threads === 0}
        data-testid="chart-comments"
        onClick={() => open(true)}
      >
        {pulled && may ? 'Comment on this region' : 'Comment'}
        {threads > 0 && ` (${threads})`}
      </button>
      {opened && (
        <Suspense>
          <CommentsSheet
            anchor={chartAnchor(page, chart, pulled ?? undefined)}
            title={title}
            label={pulled ? 'Comment on this region' : 'Comment on the chart'}
            onClose={() => {
              open(false)
              pull(null)
            }}
          />
        </Suspense>
      )}
    </>
  )
}

interface RegionsProps {
  readonly talk: ChartTalk | null
  readonly across: (value: number) => number
  readonly up: (value: number) => number
  readonly frame: {
    readonly left: number
    readonly right: number
    readonly top: number
    readonly bottom: number
  }
}

/** Outlined boxes with a number; they let the pointer through except at their number. */
export function ChartRegions({ talk, across, up, frame }: RegionsProps) {
  if (!talk) return null
  const { open } = talk
  const waiting = talk.pulled && pixelsOf(talk.pulled, across, up, frame)
  return (
    <g className="chart-regions">
      {waiting && (
        <rect
          className="region-box"
          data-waiting
          x={waiting.left}
          y={waiting.top}
          width={waiting.right - waiting.left}
          height={waiting.bottom - waiting.top}
        />
      )}
      {talk.regions.map((one) => {
        const box = pixelsOf(one.region, across, up, frame)
        if (!box) return null
        return (
          <g key={one.id} data-resolved={one.resolved || undefined} data-testid="chart-region">
            <rect
              className="region-box"
              x={box.left}
              y={box.top}
              width={box.right - box.left}
              height={box.bottom - box.top}
            />
            <g
              className="region-sign"
              role="button"
              tabIndex={0}
              aria-label={`Region ${one.number}, ${one.words}`}
              transform={`translate(${box.left} ${box.top})`}
              onPointerDown={(event) => event.stopPropagation()}
              onClick={() => open(true)}
              onKeyDown={(event) => {
                if (event.key !== 'Enter' && event.key !== ' ') return
                event.preventDefault()
                open(true)
              }}
            >
              <title>{one.words}</title>
              <rect width={16} height={14} rx={3} />
              <text x={8} y={10.5} textAnchor="middle">
                {one.number}
              </text>
            </g>
          </g>
        )
      })}
    </g>
  )
}
