// People, teams, projects, keys and links on one database.
import type { Database } from '../database/index.js'
import type { AccountRepository } from '../features/account/account.repository.js'
import { AuditRepository } from '../features/account/audit.repository.js'
import { CredentialRepository } from '../features/account/credential.repository.js'
import { CredentialService } from '../features/account/credential.service.js'
import { MeService } from '../features/account/me.service.js'
import { PeopleRepository } from '../features/account/people.repository.js'
import { SessionService } from '../features/account/session.service.js'
import { TeamRepository } from '../features/account/team.repository.js'
import { TeamService } from '../features/account/team.service.js'
import { ViewerResolver } from '../features/account/viewer-resolver.js'
import { ViewerRepository } from '../features/account/viewer.repository.js'
import { WayRepository } from '../features/account/way.repository.js'
import { WayService } from '../features/account/way.service.js'
import type { AccountSettings } from '../security/account-settings.js'
import { createAuth } from '../security/auth.js'
import type { Auth } from '../security/auth.js'
import type { AuthUse } from '../security/link-rules.js'
import { SignInLimits } from '../security/sign-in-limits.js'

interface AccountParts {
  readonly database: Database
  readonly accounts: AccountRepository
  readonly settings: AccountSettings
}

export function createAccountServices({ database, accounts, settings }: AccountParts) {
  const people = new PeopleRepository(database)
  const teams = new TeamRepository(database)
  const auth = authOnDemand({ database, settings, people }, 'alone')
  const providerAuth = authOnDemand({ database, settings, people }, 'with-providers')
  const linkAuth = authOnDemand({ database, settings, people }, 'linking')
  const limits = new SignInLimits(database)
  const sessions = new SessionService({ people, accounts, limits, auth })
  const rows = new ViewerRepository(database)
  const { singleUser } = settings
  const viewers = new ViewerResolver({ rows, accounts, sessions, singleUser })
  const ways = new WayRepository(database, settings)
  return {
    providerSignIn: { settings, limits, viewers, accounts, ways, providerAuth, linkAuth },
    ...{ sessions, viewers },
    ways: new WayService({ ways, limits, accounts }),
    me: new MeService({ people, teams, accounts, settings }),
    teams: new TeamService({ teams, people, accounts }),
    credentials: new CredentialService(new CredentialRepository(database), accounts),
    auditEvents: new AuditRepository(database),
  }
}

/** Made when first asked for: a worker and a seed never are, and need no secret. */
function authOnDemand(
  parts: {
    readonly database: Database
    readonly settings: AccountSettings
    readonly people: PeopleRepository
  },
  use: AuthUse,
): () => Auth {
  const { database, settings, people } = parts
  let auth: Auth | null = null
  return () =>
    (auth ??= createAuth(
      {
        database,
        settings,
        newcomer: async (email, name) =>
          (await people.isInvited(email)) ? { handle: await people.freeHandle(name) } : null,
        arrived: (userId, email) => people.arrive(userId, email),
      },
      use,
    ))
}
