// Light, dark, or what the system says; set on <html> before the first paint.
import { useSyncExternalStore } from 'react'
import type { Theme } from '../lens/colour-scale'
import { THEME_KEY } from './theme-script'

export type ThemeChoice = 'system' | 'light' | 'dark'

const listeners = new Set<() => void>()
const root = () => document.documentElement

function systemIsDark(): boolean {
  return window.matchMedia('(prefers-color-scheme: dark)').matches
}

export function chooseTheme(choice: ThemeChoice): void {
  try {
    localStorage.setItem(THEME_KEY, choice)
  } catch {
    // A browser that refuses storage still gets the theme until the page closes.
  }
  root().dataset.themeChoice = choice
  root().dataset.theme =
    choice === 'dark' || (choice === 'system' && systemIsDark()) ? 'dark' : 'light'
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  const followSystem = () => {
    if ((root().dataset.themeChoice ?? 'system') === 'system') chooseTheme('system')
  }
  const media = window.matchMedia('(prefers-color-scheme: dark)')
  media.addEventListener('change', followSystem)
  listeners.add(listener)
  return () => {
    media.removeEventListener('change', followSystem)
    listeners.delete(listener)
  }
}

export function useTheme(): Theme {
  return useSyncExternalStore(
    subscribe,
    () => (root().dataset.theme === 'dark' ? 'dark' : 'light'),
    () => 'light' as const,
  )
}

export function useThemeChoice(): ThemeChoice {
  return useSyncExternalStore(
    subscribe,
    () => (root().dataset.themeChoice as ThemeChoice | undefined) ?? 'system',
    () => 'system' as const,
  )
}
