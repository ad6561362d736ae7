// What every command gets: where to write, how wide and whether in colour, and where models are.
import { resolveHome } from '../models/home.js'
import { createPaint } from './terminal-text.js'
import type { TableStyle } from './lens-table.js'

export interface CommandLine {
  readonly home: string
  print(lines: readonly string[]): void
  /** A line of progress on the error stream, replaced by the next; nothing where no person watches. */
  progress(text: string): void
  style(colors: boolean): TableStyle
}

const WIDTH_WITHOUT_TERMINAL = 120

export function createCommandLine(): CommandLine {
  const { stdout, stderr, env } = process
  return {
    home: resolveHome(env),
    print: (lines) => void stdout.write(lines.map((line) => `${line}\n`).join('')),
    progress: (text) => void (stderr.isTTY && stderr.write(`\r\u001b[K${text}`)),
    style: (colors) => ({
      paint: createPaint(colors && stdout.isTTY && !env.NO_COLOR),
      width: stdout.columns || Number(env.COLUMNS) || WIDTH_WITHOUT_TERMINAL,
    }),
  }
}
