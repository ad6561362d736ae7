// Left and right (or [ and ]) go to the neuron before and after, outside of fields.
import { useRouter } from 'next/navigation'
import { useEffect } from 'react'

const STEPS: Readonly<Record<string, 1 | -1>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  '[': -1,
  ']': 1,
}

const FIELD = /^(INPUT|TEXTAREA|SELECT)$/

/** Whether the key belongs to what has the focus. */
export function isInField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      FIELD.test(target.tagName) ||
      target.closest('[role="dialog"], [role="menu"], nav') !== null)
  )
}

export function useNeuronKeys(addressOf: (step: 1 | -1) => string | null): void {
  const router = useRouter()
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const step = STEPS[event.key]
      const modified = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey
      if (!step || modified || event.defaultPrevented || isInField(event.target)) return
      const address = addressOf(step)
      if (address) router.push(address)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [addressOf, router])
}
