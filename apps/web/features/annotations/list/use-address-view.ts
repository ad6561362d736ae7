// A view as state that follows its address when the page opens; the address follows the view.
import { useSearchParams } from 'next/navigation'
import { useCallback, useState } from 'react'

interface Form<View> {
  readonly parse: (query: URLSearchParams) => View
  readonly format: (view: View) => string
}

export type ChangeView<View> = (part: Partial<View>) => void

/** @param form the same object at every call */
export function useAddressView<View extends object>(
  form: Form<View>,
): readonly [View, ChangeView<View>] {
  const params = useSearchParams()
  const [view, setView] = useState(() => form.parse(new URLSearchParams(params.toString())))
  const change = useCallback<ChangeView<View>>(
    (part) =>
      setView((current) => {
        const next = { ...current, ...part }
        const query = form.format(next)
        setTimeout(() =>
          window.history.replaceState(null, '', query ? `?${query}` : window.location.pathname),
        )
        return next
      }),
    [form],
  )
  return [view, change]
}
