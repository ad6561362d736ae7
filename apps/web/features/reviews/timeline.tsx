// What happened to a review, first to last, in words.
import { Ago, Avatar } from '../comments'
import { MarkdownText } from '../comments/markdown-text'
import { ReviewBadge } from './review-badge'
import { momentWords, type ReviewMoment } from './review-words'

export function Moments({ moments }: { readonly moments: readonly ReviewMoment[] }) {
  return (
    <ol className="timeline">
      {moments.map((moment) => (
        <li key={moment.id} data-testid="review-event" data-kind={moment.kind}>
          <Avatar name={moment.actor.name} />
          <div>
            <p>
              <b>{moment.actor.name}</b> {momentWords(moment)}{' '}
              <span className="muted">
                <Ago at={moment.createdAt} />
              </span>{' '}
              {moment.to && moment.to !== moment.from && <ReviewBadge state={moment.to} />}
            </p>
            {moment.body && <MarkdownText text={moment.body} />}
          </div>
        </li>
      ))}
    </ol>
  )
}

export function Timeline({ history }: { readonly history: readonly ReviewMoment[] }) {
  return (
    <section
      className="card talk-card"
      aria-labelledby="history-title"
      data-testid="review-history"
    >
      <h2 id="history-title">History</h2>
      <Moments moments={history} />
    </section>
  )
}
