// `lens login`, `lens logout`, `lens whoami`: which server push and pull speak to, and as whom.
import { Command } from 'commander'
import type { CommandLine } from './command-line.js'
import { askServer } from './server-call.js'
import { forgetLogin, parseServerUrl, readLogin, saveLogin } from './server-login.js'
import type { ServerLogin } from './server-login.js'

interface Me {
  readonly via: string
  readonly role: string | null
  readonly actions: readonly string[]
  readonly person: { readonly name: string } | null
  readonly project: { readonly name: string } | null
}

const askMe = (login: ServerLogin): Promise<Me> =>
  askServer<Me>(login, '{ me { via role actions person { name } project { name } } }')

const help = `
The key is an API key of the page Settings. Better than --key is IMPRINT_KEY, which leaves no trace in the shell's history:
  IMPRINT_KEY=lens_live_... lens login https://imprint.example.org
It is checked, then kept in server.json of Imprint's home, readable for you alone.`

export function createLoginCommand(line: CommandLine): Command {
  return new Command('login')
    .description('choose the server that push and pull speak to')
    .argument('<address>', 'such as http://localhost:3000')
    .option('--key <key>', 'an API key; IMPRINT_KEY when absent')
    .option('--json', 'JSON for scripts; errors too', false)
    .addHelpText('after', help)
    .action(async (address: string, flags: { key?: string; json: boolean }) => {
      const key = flags.key ?? process.env['IMPRINT_KEY'] ?? ''
      const login = { url: parseServerUrl(address), key: key === '' ? null : key }
      const me = await askMe(login)
      saveLogin(line.home, login)
      line.print(describe(login, me, flags.json))
    })
}

export function createWhoamiCommand(line: CommandLine): Command {
  return new Command('whoami')
    .description('who push and pull act as, and where')
    .option('--json', 'JSON for scripts; errors too', false)
    .action(async ({ json }: { json: boolean }) => {
      const login = readLogin(line.home)
      line.print(describe(login, await askMe(login), json))
    })
}

export function createLogoutCommand(line: CommandLine): Command {
  return new Command('logout')
    .description('forget the server and its key; the key itself stays valid until it is revoked')
    .option('--json', 'JSON for scripts; errors too', false)
    .action(({ json }: { json: boolean }) => {
      const forgotten = forgetLogin(line.home)
      const text = forgotten ? 'forgotten' : 'there was nothing to forget'
      line.print([json ? JSON.stringify({ forgotten }) : text])
    })
}

/** Never with the key. */
function describe({ url }: ServerLogin, me: Me, json: boolean): string[] {
  const { via, role, actions, person, project } = me
  if (json)
    return [
      JSON.stringify({
        ...{ url, via, role, actions },
        ...{ person: person?.name ?? null, project: project?.name ?? null },
      }),
    ]
  const may = actions.length === 0 ? 'nothing' : actions.join(', ').toLowerCase()
  return [`${person?.name ?? 'a visitor'} at ${url}, project ${project?.name ?? '-'}; may ${may}`]
}
