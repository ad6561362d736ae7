#!/usr/bin/env node
// The `lens` command.
import { createCommandLine } from './command-line.js'
import { runProgram } from './program.js'

// A reader that closes early, such as `head`, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

process.exitCode = await runProgram(process.argv.slice(2), createCommandLine())
