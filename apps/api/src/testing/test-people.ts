// People of a test: the owner, members with roles, keys and links, each asking over real HTTP with their own cookies.
import type { Action, Role } from '../access/roles.js'
import type { GraphqlAnswer, TestApi } from './test-api.js'

export const password = 'four quiet garden words'

export interface TestPerson {
  readonly id: string
  readonly email: string
  /** The header Cookie of a browser that signed in. */
  readonly cookies: string
  graphql(query: string, variables?: Record<string, unknown>): Promise<GraphqlAnswer>
}

export type Headers = Readonly<Record<string, string>>

/** Asks with any headers; also gives status, headers and cookies of the answer. */
export async function askWith(
  api: Pick<TestApi, 'url'>,
  headers: Headers,
  query: string,
  variables: object = {},
): Promise<{
  status: number
  headers: globalThis.Headers
  cookies: string[]
  body: GraphqlAnswer
}> {
  const response = await fetch(`${api.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  })
  const body = (await response.json()) as GraphqlAnswer
  return {
    status: response.status,
    headers: response.headers,
    cookies: response.headers.getSetCookie(),
    body,
  }
}

export const asCookies = (lines: readonly string[]): string =>
  lines.map((line) => line.split(';')[0]).join('; ')

const enter = (name: string, type: string): string =>
  `mutation($input: ${type}!) { ${name}(input: $input) { me { person { id } role } errors { code field message } } }`

async function personOf(
  api: TestApi,
  mutation: 'setUpOwner' | 'signUp' | 'signIn',
  input: { readonly email: string },
): Promise<TestPerson> {
  const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`
  const answer = await askWith(api, {}, enter(mutation, type), { input })
  const payload = answer.body.data?.[mutation]
  if (!payload?.me?.person) throw new Error(`${mutation}: ${JSON.stringify(answer.body)}`)
  const cookies = asCookies(answer.cookies)
  const graphql = async (query: string, variables = {}): Promise<GraphqlAnswer> =>
    (await askWith(api, { cookie: cookies }, query, variables)).body
  return { id: payload.me.person.id, email: input.email, cookies, graphql }
}

export const setUpOwner = (api: TestApi, name = 'Olga Owner'): Promise<TestPerson> =>
  personOf(api, 'setUpOwner', { email: 'owner@example.org', ...{ name, password } })

export const signIn = (api: TestApi, email: string, secret = password): Promise<TestPerson> =>
  personOf(api, 'signIn', { email, ...{ password: secret } })

/** The token of a new invitation. */
export async function invite(owner: TestPerson, role: Role, email?: string): Promise<string> {
  const { data } = await owner.graphql(
    'mutation($input: CreateInvitationInput!) { createInvitation(input: $input) { token errors { code } } }',
    { input: { role: role.toUpperCase(), ...(email ? { email } : {}) } },
  )
  return data.createInvitation.token
}

/** Somebody new with this role in the owner's team. */
export async function joinAs(
  api: TestApi,
  owner: TestPerson,
  role: Role,
  name: string = role,
): Promise<TestPerson> {
  const invitationToken = await invite(owner, role)
  const email = `${name.toLowerCase().replaceAll(' ', '.')}@example.org`
  return personOf(api, 'signUp', { email, ...{ name, password, invitationToken } })
}

/** A new API key of somebody, as the header to send. */
export async function keyOf(person: TestPerson, scopes: readonly Action[]) {
  const { data } = await person.graphql(
    `mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKey { id start } errors { code } } }`,
    { input: { name: 'a script', scopes: scopes.map((scope) => scope.toUpperCase()) } },
  )
  const { secret, apiKey, errors } = data.createApiKey
  if (!secret) throw new Error(JSON.stringify(errors))
  return { id: apiKey.id as string, secret: secret as string, authorization: `Bearer ${secret}` }
}

/** A new share link of somebody: its id and token. */
export async function shareOf(
  person: TestPerson,
  path = '/runs',
): Promise<{ id: string; token: string }> {
  const { data } = await person.graphql(
    `mutation($input: CreateShareLinkInput!) { createShareLink(input: $input) { token shareLink { id } errors { code } } }`,
    { input: { path, title: 'A page' } },
  )
  return { id: data.createShareLink.shareLink.id, token: data.createShareLink.token }
}

/** A team of strangers with a project and an admin of its own, as on a server that several teams share. */
export async function addOtherTeam(api: TestApi, owner: TestPerson): Promise<TestPerson> {
  const { prisma } = api.database
  const stranger = await joinAs(api, owner, 'viewer', 'Stella Stranger')
  await prisma.membership.deleteMany({ where: { userId: stranger.id } })
  const team = await prisma.team.create({ data: { slug: 'others', name: 'Others' } })
  await prisma.project.create({ data: { teamId: team.id, slug: 'theirs', name: 'Theirs' } })
  await prisma.membership.create({ data: { teamId: team.id, userId: stranger.id, role: 'ADMIN' } })
  return stranger
}
