// A moment, as a short date with the exact time on hover.
const SHORT = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
})

export function When({ at }: { readonly at: string }) {
  const date = new Date(at)
  return (
    <time dateTime={at} title={date.toISOString()} suppressHydrationWarning>
      {SHORT.format(date)}
    </time>
  )
}
