'use client'
// Comments on a chart: its numbered regions, and the sheet in which they are read and written.
import {
  createContext,
  lazy,
  Suspense,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  type ReactNode,
} from 'react'
import { useQuery } from 'urql'
import { TalkCommentsDocument, type AnchorInput } from '../../../graphql/generated/graphql'
import { chartAnchor, type Region } from '../anchors'
import type { Thread } from '../thread-model'
import { useTalkNews } from '../use-markers'
import { useSameAnchor } from '../use-same-anchor'
import { useTalker } from '../use-talker'
import {
  heldTalking,
  numberedRegions,
  pixelsOf,
  quiet,
  type NumberedRegion,
  type Pixels,
  type Talking,
} from './region-model'

const CommentsSheet = lazy(async () => ({ default: (await import('../sheet')).CommentsSheet }))

interface Talked {
  readonly page: string
  /** Of all its charts. */
  readonly threads: readonly Thread[]
  readonly sought: string | null
  readonly onFound: () => void
}

/** The page whose charts can be talked about; null where they cannot. */
const PageContext = createContext<Talked | null>(null)

const READS = { additionalTypenames: ['Comment'] }
const NONE: readonly Thread[] = []

interface ChartPageProps {
  readonly page: string
  /** What the page is of: its charts are parts of it. */
  readonly anchor: AnchorInput
  /** The name of the chart to bring into view; null for none. */
  readonly sought: string | null
  /** It was brought into view, and is not sought any more. */
  readonly onFound: () => void
  readonly children: ReactNode
}

/** Reads what is said about all charts of a page, once, and follows it. */
export function ChartPage({ page, anchor, sought, onFound, children }: ChartPageProps) {
  const asked = useSameAnchor(anchor)
  const [{ data }, execute] = useQuery({
    query: TalkCommentsDocument,
    variables: { anchor: asked, withParts: true },
    requestPolicy: 'cache-and-network',
    context: READS,
  })
  useTalkNews(
    asked,
    useCallback(() => execute({ requestPolicy: 'network-only' }), [execute]),
  )
  const threads = data?.comments ?? NONE
  const talked = useMemo(
    () => ({ page, threads, sought, onFound }),
    [page, threads, sought, onFound],
  )
  return <PageContext value={talked}>{children}</PageContext>
}

export interface ChartTalk {
  readonly page: string
  readonly chart: string
  readonly regions: readonly NumberedRegion[]
  readonly threads: number
  /** The region that was pulled last; null when it was let go. */
  readonly pulled: Region | null
  /** `chose`: what pulling it chose on the page; the region is let go when that is no longer chosen. */
  readonly pull: (region: Region, chose: readonly string[]) => void
  readonly letGo: () => void
  readonly opened: boolean
  readonly open: () => void
  readonly close: () => void
}

/**
 * @param chart its name, with what its axes show: a region means nothing on other axes
 * @param chosen everything that is chosen on the page
 */
export function useChartTalk(chart: string, chosen: readonly string[]): ChartTalk | null {
  const talked = useContext(PageContext)
  const [state, setState] = useState(() => quiet(chart))
  const current = heldTalking(state, chart, chosen)
  // For good: what is chosen again later is not what was pulled.
  if (current !== state) setState(current)
  const threads = useMemo(
    () => (talked?.threads ?? NONE).filter(({ anchor }) => anchor.chart === chart),
    [talked, chart],
  )
  const regions = useMemo(() => numberedRegions(threads), [threads])
  if (talked === null) return null
  const put = (part: Partial<Talking>) => setState({ ...current, ...part })
  return {
    page: talked.page,
    chart,
    regions,
    threads: threads.length,
    pulled: current.region,
    pull: (region, chose) => put({ region, chose }),
    letGo: () => put({ region: null }),
    opened: current.opened,
    open: () => put({ opened: true }),
    close: () => setState(quiet(chart)),
  }
}

/** Brings the chart into view when it is the one that is sought. */
function useBringIntoView(chart: string | null) {
  const button = useRef<HTMLButtonElement>(null)
  const talked = useContext(PageContext)
  const onFound = talked?.sought === chart ? talked?.onFound : undefined
  useEffect(() => {
    if (!onFound) return
    // After a dialog that closes has given the focus back, which scrolls to where it was opened.
    const timer = setTimeout(() => {
      button.current?.focus({ preventScroll: true })
      button.current?.closest('section')?.scrollIntoView({ block: 'center' })
      onFound()
    })
    return () => clearTimeout(timer)
  }, [onFound])
  return button
}

export function ChartTalkControls({
  talk,
  title,
}: {
  readonly talk: ChartTalk | null
  readonly title: string
}) {
  const talker = useTalker()
  const button = useBringIntoView(talk?.chart ?? null)
  if (!talk) return null
  const { pulled, threads, page, chart, opened, open, close } = talk
  const may = talker.may('ANNOTATE')
  return (
    <>
      <button
        ref={button}
        type="button"
        className="link"
        disabled={!may && threads === 0}
        data-testid="chart-comments"
        onClick={open}
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
            onClose={close}
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

const SIGN = 16

interface SignProps {
  readonly left: number
  readonly top: number
  readonly sign: ReactNode
  readonly label: string
  readonly title: string
  readonly onPress: () => void
}

/** A small button in a drawing. */
function Sign({ left, top, sign, label, title, onPress }: SignProps) {
  return (
    <g
      className="region-sign"
      role="button"
      tabIndex={0}
      aria-label={label}
      transform={`translate(${left} ${top})`}
      onPointerDown={(event) => event.stopPropagation()}
      onClick={onPress}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return
        event.preventDefault()
        onPress()
      }}
    >
      <title>{title}</title>
      <rect width={SIGN} height={14} rx={3} />
      <text x={SIGN / 2} y={10.5} textAnchor="middle">
        {sign}
      </text>
    </g>
  )
}

const Outline = ({ box }: { readonly box: Pixels }) => (
  <rect
    className="region-box"
    x={box.left}
    y={box.top}
    width={box.right - box.left}
    height={box.bottom - box.top}
  />
)

/** Outlined boxes with a number; they let the pointer through except at their number. The one that was pulled can be let go. */
export function ChartRegions({ talk, across, up, frame }: RegionsProps) {
  if (!talk) return null
  const { open, letGo } = talk
  const waiting = talk.pulled && pixelsOf(talk.pulled, across, up, frame)
  return (
    <g className="chart-regions">
      {talk.regions.map((one) => {
        const box = pixelsOf(one.region, across, up, frame)
        if (!box) return null
        return (
          <g key={one.id} data-resolved={one.resolved || undefined} data-testid="chart-region">
            <Outline box={box} />
            <Sign
              {...box}
              sign={one.number}
              label={`Region ${one.number}, ${one.words}`}
              title={one.words}
              onPress={open}
            />
          </g>
        )
      })}
      {waiting && (
        <g data-testid="pulled-region">
          <Outline box={waiting} />
          <Sign
            left={waiting.right - SIGN}
            top={waiting.top}
            sign="×"
            label="Let the region go"
            title="Let the region go"
            onPress={letGo}
          />
        </g>
      )}
    </g>
  )
}
