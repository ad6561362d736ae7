// A comment on its way, or one that did not arrive: it waits until it is sent again or thrown away.
import { Avatar } from './avatar'
import { MarkdownText } from './markdown-text'
import type { Unsent } from './thread-model'
import type { Sending } from './use-comments'
import type { Talker } from './use-talker'

interface UnsentItemProps {
  readonly unsent: Unsent
  readonly talker: Talker
  readonly sending: Sending
}

export function UnsentItem({ unsent, talker, sending }: UnsentItemProps) {
  const name = talker.person?.name ?? 'You'
  return (
    <article className="comment" data-testid="comment-unsent" data-state={unsent.state}>
      <Avatar name={name} />
      <div className="comment-main">
        <header className="comment-head">
          <b>{name}</b>
          <span className="muted">{unsent.state === 'sending' ? 'sending …' : 'not sent'}</span>
        </header>
        <MarkdownText text={unsent.body} />
        {unsent.state === 'failed' && (
          <p className="wrong" role="alert">
            {unsent.reason}{' '}
            <button type="button" className="link" onClick={() => sending.retry(unsent)}>
              Send again
            </button>{' '}
            <button type="button" className="link" onClick={() => sending.forget(unsent)}>
              Throw away
            </button>
          </p>
        )}
      </div>
    </article>
  )
}
