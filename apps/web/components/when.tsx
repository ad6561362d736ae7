// A moment, as a short date with the exact time on hover.
import { useHydrated } from './use-hydrated'

const SHORT = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
})

export function When({ at }: { readonly at: string }) {
  const date = new Date(at)
  // The server has an hour of its own: it is drawn anew in the reader's.
  const alive = useHydrated()
  return (
    <time
      key={alive ? 'here' : 'there'}
      dateTime={at}
      title={date.toISOString()}
      suppressHydrationWarning
    >
      {SHORT.format(date)}
    </time>
  )
}
