'use client'
// Whether this part of the page is alive. A part that wakes late must first draw what the server drew, whatever is known by then.
import { useSyncExternalStore } from 'react'

const never = () => () => undefined

export const useHydrated = (): boolean =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
