// 1,000 cases of forward shift, evaluated by the engine and by the loop, in turn: readings compared, throughput measured.
import { othersShare, readProcessor } from './others-share.mjs'
import { withContestants } from './contestant.mjs'
import { median, megabytes, shown, sum, table } from './numbers.mjs'

const ROUND = 25
/** Other programs may take this much of the machine in a round that counts as undisturbed. */
const UNDISTURBED = 0.05

export const measureEvaluation = ({ ours, theirs, cases, compared, minutes }) =>
  withContestants([ours, theirs], async (imprint, loop) => {
    const { hyperparameters } = await imprint.run({ do: 'resources', methods: ['forward-shift'] })
    const values = hyperparameters['forward-shift']
    const order = { do: 'evaluate', values, show: false }
    const agreement = await compare(imprint, loop, { ...order, first: 0, count: compared })
    const rounds = []
    const end = performance.now() + minutes * 60_000
    for (let first = 0; first < cases && performance.now() < end; first += ROUND) {
      const some = { ...order, first, count: Math.min(ROUND, cases - first) }
      const contestants = rounds.length % 2 === 0 ? [imprint, loop] : [loop, imprint]
      const replies = new Map()
      const before = readProcessor()
      for (const one of contestants) if (one !== null) replies.set(one, await one.run(some))
      const own = [...replies.values()].map(({ processorMilliseconds }) => processorMilliseconds)
      const others = othersShare(before, readProcessor(), sum(own))
      rounds.push({ ...roundOf(some.count, replies.get(imprint), replies.get(loop)), others })
      console.error(JSON.stringify(rounds.at(-1)))
    }
    const report = {
      hyperparameters: values,
      agreement,
      ...summary(sum(rounds.map((round) => round.cases)), rounds),
      rounds,
      versions: { ...imprint.versions, ...loop?.versions },
    }
    return { report, table: tableOf(report) }
  })

/** Readings of the same cases on both sides; the first run of either also warms up. */
async function compare(imprint, loop, order) {
  const shownOrder = { ...order, show: true }
  const mine = await imprint.run(shownOrder)
  if (loop === null) return null
  const yours = await loop.run(shownOrder)
  const pairs = mine.rows.flatMap((row, index) => pairsOf(row, yours.rows[index]))
  const gap = (one) => Math.abs(Math.exp(-one.mine.nll) - Math.exp(-one.yours.nll))
  return {
    cases: order.count,
    readings: pairs.length,
    verdictsThatDiffer: pairs.filter(({ mine: a, yours: b }) => a.correct !== b.correct).length,
    largestProbabilityDifference: Math.max(...pairs.map(gap)),
    largestNllDifference: Math.max(...pairs.map((one) => Math.abs(one.mine.nll - one.yours.nll))),
  }
}

function pairsOf(mine, yours) {
  return ['before', 'after'].flatMap((moment) => {
    if (mine[moment].length !== yours[moment].length) throw new Error('prompts are missing')
    return mine[moment].flatMap((prompt, index) =>
      ['new', 'true'].map((target) => ({
        mine: prompt[target],
        yours: yours[moment][index][target],
      })),
    )
  })
}

const roundOf = (count, mine, yours) => ({
  cases: count,
  imprint: mine.milliseconds,
  imprintProcessor: mine.processorMilliseconds,
  imprintPeakBytes: mine.peakBytes,
  ...(yours === undefined
    ? {}
    : {
        loop: yours.milliseconds,
        loopProcessor: yours.processorMilliseconds,
        loopPeakBytes: yours.peakBytes,
      }),
})

function summary(cases, rounds) {
  const imprint = sum(rounds.map((round) => round.imprint))
  const peaks = { imprint: Math.max(...rounds.map((round) => round.imprintPeakBytes)) }
  if (rounds[0].loop === undefined) return { cases, milliseconds: { imprint }, peakBytes: peaks }
  const part = (name) => sum(rounds.map(({ loop }) => loop[name]))
  const [edit, after, before] = ['edit', 'after', 'before'].map(part)
  const undisturbed = rounds.filter(({ others }) => others < UNDISTURBED)
  const ratios = {
    same: rounds.map(({ imprint: mine, loop }) => sum(Object.values(loop)) / mine),
    afterOnly: rounds.map(({ imprint: mine, loop }) => (loop.edit + loop.after) / mine),
  }
  return {
    cases,
    milliseconds: { imprint, loopEdits: edit, loopAfter: after, loopBefore: before },
    processorMilliseconds: {
      imprint: sum(rounds.map((round) => round.imprintProcessor)),
      loop: sum(rounds.map((round) => round.loopProcessor)),
    },
    undisturbed:
      undisturbed.length === 0
        ? null
        : {
            rounds: undisturbed.length,
            same: median(undisturbed.map((round) => ratios.same[rounds.indexOf(round)])),
            afterOnly: median(undisturbed.map((round) => ratios.afterOnly[rounds.indexOf(round)])),
          },
    ratio: { same: (edit + after + before) / imprint, afterOnly: (edit + after) / imprint },
    ratioOfRounds: Object.fromEntries(
      Object.entries(ratios).map(([name, all]) => [
        name,
        { least: Math.min(...all), median: median(all), most: Math.max(...all) },
      ]),
    ),
    peakBytes: { ...peaks, loop: Math.max(...rounds.map((round) => round.loopPeakBytes)) },
  }
}

function tableOf(report) {
  const { cases, milliseconds, ratio, ratioOfRounds, peakBytes, agreement } = report
  const line = (name, spent, times, peak) => [
    name,
    shown(spent / 1000),
    shown((1000 * cases) / spent),
    times,
    megabytes(peak),
  ]
  const rows = [line('Imprint', milliseconds.imprint, '1.0', peakBytes.imprint)]
  if (ratio !== undefined) {
    const { loopEdits, loopAfter, loopBefore } = milliseconds
    const span = ({ least, most }) => ` (${shown(least)}-${shown(most)})`
    const both = `${shown(ratio.same)}${span(ratioOfRounds.same)}`
    const after = `${shown(ratio.afterOnly)}${span(ratioOfRounds.afterOnly)}`
    const all = loopEdits + loopAfter + loopBefore
    rows.push(line('loop, before and after the edit', all, both, peakBytes.loop))
    rows.push(line('loop, after the edit only', loopEdits + loopAfter, after, peakBytes.loop))
  }
  const head = ['what', 'seconds', 'cases a second', 'times as long', 'peak MB']
  const { processorMilliseconds, undisturbed } = report
  const notes = ratio === undefined ? {} : { agreement, processorMilliseconds, undisturbed }
  return [table(head, rows), '', ...Object.entries(notes).map(noteOf)].join('\n')
}

const noteOf = ([name, value]) => `${name}: ${JSON.stringify(value)}`
