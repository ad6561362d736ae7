'use client'
import { chooseTheme, useThemeChoice, type ThemeChoice } from './theme'

const NEXT: Readonly<Record<ThemeChoice, ThemeChoice>> = {
  system: 'light',
  light: 'dark',
  dark: 'system',
}
const SIGN: Readonly<Record<ThemeChoice, string>> = { system: '◐', light: '○', dark: '●' }

export function ThemeSwitch() {
  const choice = useThemeChoice()
  return (
    <button
      type="button"
      className="icon"
      aria-label={`Theme: ${choice}. Change to ${NEXT[choice]}`}
      title={`Theme: ${choice}`}
      onClick={() => chooseTheme(NEXT[choice])}
      data-testid="theme-switch"
    >
      {SIGN[choice]}
    </button>
  )
}
