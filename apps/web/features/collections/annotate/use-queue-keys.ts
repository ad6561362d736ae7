// The keys of annotation mode.
import { useEffect, useRef, type RefObject } from 'react'
import { actOf, type QueueAct } from './queue-model'
import type { QueueFields, QueueFormHandle } from './queue-form'
import type { Queue } from './use-queue'

const FIELD = /^(INPUT|TEXTAREA|SELECT)$/

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    FIELD.test(target.tagName) &&
    !/^(range|radio|checkbox)$/.test((target as HTMLInputElement).type)
  )
}

interface QueueKeys {
  readonly queue: Queue
  readonly fields: QueueFields
  readonly form: RefObject<QueueFormHandle | null>
  readonly onHelp: () => void
}

function perform(act: QueueAct, { queue, fields, form, onHelp }: QueueKeys): void {
  if (act.kind === 'move') queue.move(act.by)
  else if (act.kind === 'skip') queue.skip()
  else if (act.kind === 'focus') fields[act.field].current?.focus()
  else if (act.kind === 'confidence') form.current?.setConfidence(act.value)
  else if (act.kind === 'submit') form.current?.submit()
  else if (act.kind === 'leave') (document.activeElement as HTMLElement | null)?.blur()
  else onHelp()
}

export function useQueueKeys(keys: QueueKeys, enabled: boolean): void {
  const latest = useRef(keys)
  latest.current = keys
  useEffect(() => {
    if (!enabled) return
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey) return
      const button = event.target instanceof HTMLElement && event.target.closest('button, a')
      const act = actOf({
        key: event.key,
        typing: isTyping(event.target),
        modified: event.ctrlKey || event.metaKey,
      })
      if (!act || (button && event.key === 'Enter')) return
      event.preventDefault()
      event.stopPropagation()
      perform(act, latest.current)
    }
    window.addEventListener('keydown', onKey, true)
    return () => window.removeEventListener('keydown', onKey, true)
  }, [enabled])
}
