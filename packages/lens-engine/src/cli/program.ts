// The `lens` program: its commands, and how their failures reach the shell.
import { Command } from 'commander'
import { engineVersion } from '../engine-version.js'
import type { CommandLine } from './command-line.js'
import { createDevicesCommand } from './devices-command.js'
import { createEditCommand } from './edit-command.js'
import { createEvaluateCommand } from './evaluate-command.js'
import { exitCodeHelp } from './exit-codes.js'
import { createFiguresCommand } from './figures-command.js'
import { createLoginCommand, createLogoutCommand, createWhoamiCommand } from './login-command.js'
import { createModelsCommand } from './models-command.js'
import { createNeuronCommand } from './neuron-command.js'
import { createReportCommand } from './report-command.js'
import { reportError } from './report-error.js'
import { createReproduceCommand } from './reproduce-command.js'
import { createRunCommand } from './run-command.js'
import { createStatsCommand } from './stats-command.js'
import { createSweepCommand } from './sweep-command.js'
import { createTrainMendCommand } from './train-mend-command.js'
import { createPullCommand, createPushCommand } from './transfer-command.js'
import { createVerifyCommand } from './verify-command.js'

const examples = `
Examples:
  lens run --prompt "The capital of France is" --target " Paris"    read one gradient of the bundled model
  lens neuron 5 312                                                  one neuron in words
  lens edit --method rome --request france.json                      change what it says, kept as factors
  lens evaluate --methods rome,memit --cases 20 --out results.jsonl  how well edit methods do
  lens sweep --method rome --set layer=0,1,2 --out sweep.jsonl       find better hyperparameters
  lens figures --figures 3,5,6 --out figures                         the paper's figures over 100 prompts
  lens reproduce backward-lens --cases 8                             a paper's table beside the published one
  lens models list                                                   which models there are
  lens models add ./gpt2                                             add one in Hugging Face layout
  lens models add hf:openai-community/gpt2                           download one from a hub
  lens devices                                                       where models can run, and why not elsewhere
  lens verify gpt2 --model ./gpt2                                    check against published numbers

Models are kept under IMPRINT_HOME (default: .imprint in the clone). No server and no database are needed, but by
login, push and pull, which exchange runs, edits and evaluations with a server.`

/** Runs the program and answers its exit code; errors are written to the error stream. */
export async function runProgram(
  arguments_: readonly string[],
  line: CommandLine,
): Promise<number> {
  const program = createProgram(line)
  try {
    await program.parseAsync(arguments_, { from: 'user' })
    return Number(process.exitCode ?? 0)
  } catch (error) {
    line.progress('')
    const { text, exitCode } = reportError(error, arguments_.includes('--json'))
    process.stderr.write(text)
    return exitCode
  }
}

function createProgram(line: CommandLine): Command {
  const program = new Command('lens')
    .description('read what a gradient writes into a language model, in words')
    .version(engineVersion, '-V, --version', 'the version')
    .addCommand(createRunCommand(line))
    .addCommand(createNeuronCommand(line))
    .addCommand(createModelsCommand(line))
    .addCommand(createStatsCommand(line))
    .addCommand(createEditCommand(line))
    .addCommand(createEvaluateCommand(line))
    .addCommand(createReportCommand(line))
    .addCommand(createFiguresCommand(line))
    .addCommand(createReproduceCommand(line))
    .addCommand(createSweepCommand(line))
    .addCommand(createTrainMendCommand(line))
    .addCommand(createDevicesCommand(line))
    .addCommand(createVerifyCommand(line))
    .addCommand(createLoginCommand(line))
    .addCommand(createWhoamiCommand(line))
    .addCommand(createLogoutCommand(line))
    .addCommand(createPushCommand(line))
    .addCommand(createPullCommand(line))
    .addHelpText('after', `${examples}\n${exitCodeHelp}`)
  prepare(program)
  return program
}

/** Commander must neither end the process nor print errors by itself; every command inherits that. */
function prepare(command: Command): void {
  command
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({ outputError: () => {} })
    .helpCommand(false)
  for (const child of command.commands) prepare(child)
}
