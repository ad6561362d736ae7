// The command line that the Prisma CLI gives its schema engine.

/**
 * @param {readonly string[]} argv
 * @returns {{ datasource: { url?: string, shadowDatabaseUrl?: string }, datamodels: string[], cliCommand: string | null, wantsVersion: boolean }}
 */
export function parseArguments(argv) {
  const valuesOf = (name) => argv.flatMap((word, index) => (word === name ? [argv[index + 1]] : []))
  const cli = argv.indexOf('cli')
  const datasource = valuesOf('--datasource')[0]
  return {
    datasource: datasource === undefined ? {} : JSON.parse(datasource),
    datamodels: valuesOf('--datamodels'),
    cliCommand: cli < 0 ? null : (argv[cli + 1] ?? ''),
    wantsVersion: argv[0] === '--version' || argv[0] === '-V',
  }
}
