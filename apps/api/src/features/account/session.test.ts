import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApi } from '../../testing/test-api.js'
import type { TestApi } from '../../testing/test-api.js'
import { askWith, asCookies, invite, joinAs, password, signIn } from '../../testing/test-people.js'
import type { TestPerson } from '../../testing/test-people.js'

let api: TestApi
let owner: TestPerson
beforeAll(async () => {
  api = await startTestApi({ singleUser: false })
})
afterAll(() => api.stop())

const me =
  '{ me { via role email setupNeeded signInWith actions project { name isPublic } person { handle name } } }'
const asked = async (headers: Record<string, string> = {}) =>
  (await askWith(api, headers, me)).body.data.me
const setUp =
  'mutation($input: SetUpOwnerInput!) { setUpOwner(input: $input) { me { role } errors { code field } } }'
const enter =
  'mutation($input: SignInInput!) { signIn(input: $input) { me { role } errors { code message cure } } }'
const signInAs = async (email: string, secret: string) =>
  (await askWith(api, {}, enter, { input: { email, password: secret } })).body.data.signIn
const forget = () => api.database.pool.query('DELETE FROM security.sign_in_limit')

describe('before there is an owner', () => {
  it('a visitor reads the demo and writes nothing', async () => {
    expect(await asked()).toEqual({
      ...{ via: 'ANONYMOUS', role: 'VIEWER', email: null, setupNeeded: true, person: null },
      ...{
        signInWith: ['password'],
        actions: ['READ'],
        project: { name: 'Demo', isPublic: false },
      },
    })
    const { data } = await api.graphql('{ models { edges { node { name } } } }')
    expect(data.models.edges).toHaveLength(1)
    const { errors } = await api.graphql(
      'mutation { savePrompt(input: { text: "x" }) { errors { code } } }',
    )
    expect(errors?.[0]?.extensions?.['code']).toBe('SIGN_IN_REQUIRED')
  })

  it.each([
    [{ name: ' ', email: 'a@example.org', password }, 'NAME_EMPTY'],
    [{ name: 'A', email: 'nobody', password }, 'EMAIL_INVALID'],
    [{ name: 'A', email: 'a@example.org', password: 'short' }, 'PASSWORD_TOO_SHORT'],
    [{ name: 'A', email: 'a@example.org', password: 'ä'.repeat(513) }, 'PASSWORD_TOO_LONG'],
  ])('refuses an owner like %o', async (input, code) => {
    const { body } = await askWith(api, {}, setUp, { input })
    expect(body.data.setUpOwner.errors[0].code).toBe(code)
  })

  it('of many who set up at once one becomes the owner, of all that was there', async () => {
    const before = await api.services.prompts.save(api.viewer, { text: 'of the local user' })
    const inputs = [1, 2, 3, 4].map((number) => ({
      ...{ name: `Owner ${number}`, email: `o${number}@example.org`, password },
    }))
    const answers = await Promise.all(inputs.map((input) => askWith(api, {}, setUp, { input })))
    const won = answers.filter(({ body }) => body.data.setUpOwner.me !== null)
    expect(won).toHaveLength(1)
    const lost = answers.flatMap(({ body }) => body.data.setUpOwner.errors)
    expect(lost.map(({ code }: { code: string }) => code)).toEqual(Array(3).fill('SETUP_DONE'))
    const cookie = asCookies(won[0]?.cookies ?? [])
    const { body } = await askWith(
      api,
      { cookie },
      'query($id: ID!) { prompt(id: $id) { author } me { role setupNeeded } }',
      { id: before.id },
    )
    expect(body.data.prompt.author).toMatch(/^Owner \d$/)
    expect(body.data.me).toEqual({ role: 'ADMIN', setupNeeded: false })
    const email = inputs[answers.indexOf(won[0] as never)]?.email as string
    owner = await signIn(api, email)
  })
})

describe('with an owner', () => {
  it('a visitor reads nothing, until the project is public', async () => {
    expect(await asked()).toMatchObject({ role: null, project: null, setupNeeded: false })
    const { errors } = await api.graphql('{ models { totalCount } }')
    expect(errors?.[0]?.extensions?.['code']).toBe('SIGN_IN_REQUIRED')
    const publish = (isPublic: boolean) =>
      owner.graphql(
        'mutation($input: UpdateProjectInput!) { updateProject(input: $input) { project { isPublic } errors { code } } }',
        { input: { id: api.viewer.projectId, isPublic } },
      )
    await publish(true)
    expect(await asked()).toMatchObject({ role: 'VIEWER', actions: ['READ'] })
    await publish(false)
  })

  it('the cookie cannot be read by scripts and ends with signing out', async () => {
    const answer = await askWith(api, {}, enter, { input: { email: owner.email, password } })
    expect(answer.cookies).toHaveLength(1)
    expect(answer.cookies[0]).toMatch(
      /^imprint\.session_token=.+; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/,
    )
    const cookie = asCookies(answer.cookies)
    expect(await asked({ cookie })).toMatchObject({ via: 'SESSION', role: 'ADMIN' })
    const out = await askWith(
      api,
      { cookie },
      'mutation { signOut { me { via role } errors { code } } }',
    )
    expect(out.body.data.signOut).toEqual({ me: { via: 'ANONYMOUS', role: null }, errors: [] })
    expect(out.cookies.join()).toMatch(/session_token=;.*Max-Age=0/)
    expect(await asked({ cookie })).toMatchObject({ via: 'ANONYMOUS' })
  })

  it('a session whose signature was changed is no session', async () => {
    // Not the last character: of it only four bits count.
    const forged = owner.cookies.replace(/.(?=.{4}(%3D)*$)/, (one) => (one === 'A' ? 'B' : 'A'))
    expect(forged).not.toBe(owner.cookies)
    expect(await asked({ cookie: forged })).toMatchObject({ via: 'ANONYMOUS' })
  })

  it('five attempts a minute for an account, each alias counted, and no more with the right password', async () => {
    await forget()
    const aliases = Array.from(
      { length: 6 },
      (_, index) => `a${index}: signIn(input: $input) { errors { code } }`,
    )
    const query = `mutation($input: SignInInput!) { ${aliases.join(' ')} }`
    const { body } = await askWith(api, {}, query, {
      input: { email: owner.email, password: 'wrong' },
    })
    const codes = Object.values(body.data as Record<string, { errors: { code: string }[] }>).map(
      ({ errors }) => errors[0]?.code,
    )
    expect(codes).toEqual([...Array(5).fill('SIGN_IN_FAILED'), 'TOO_MANY_ATTEMPTS'])
    expect((await signInAs(owner.email, password)).errors[0].code).toBe('TOO_MANY_ATTEMPTS')
    await forget()
    expect((await signInAs(owner.email, password)).errors).toEqual([])
  })

  it('a password is kept as argon2id of the stated cost', async () => {
    const { rows } = await api.database.pool.query('SELECT password FROM credential')
    for (const row of rows) expect(row.password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  })

  it('a changed password ends every other session', async () => {
    await forget()
    const [here, there] = [await signIn(api, owner.email), await signIn(api, owner.email)]
    const change =
      'mutation($input: ChangePasswordInput!) { changePassword(input: $input) { errors { code field } } }'
    const wrong = await here.graphql(change, { input: { current: 'no', next: 'another good one' } })
    expect(wrong.data.changePassword.errors).toEqual([{ code: 'PASSWORD_WRONG', field: 'current' }])
    const done = await here.graphql(change, { input: { current: password, next: password } })
    expect(done.data.changePassword.errors).toEqual([])
    expect(await asked({ cookie: here.cookies })).toMatchObject({ via: 'SESSION' })
    expect(await asked({ cookie: there.cookies })).toMatchObject({ via: 'ANONYMOUS' })
    owner = here
  })
})

describe('an invitation', () => {
  const signUp =
    'mutation($input: SignUpInput!) { signUp(input: $input) { me { role person { handle } } errors { code } } }'
  const join = async (invitationToken: string, email: string, name = 'Ann Ö. Other') =>
    (await askWith(api, {}, signUp, { input: { name, email, password, invitationToken } })).body
      .data.signUp

  it('is needed, shows what it offers, gives its role, and works once', async () => {
    expect((await join('nothing', 'x@example.org')).errors[0].code).toBe('INVITATION_INVALID')
    const token = await invite(owner, 'annotator')
    const { data } = await api.graphql(
      'query($token: String!) { invitation(token: $token) { teamName role invitedBy } }',
      { token },
    )
    expect(data.invitation).toMatchObject({
      role: 'ANNOTATOR',
      teamName: expect.stringContaining('Owner'),
    })
    const both = await Promise.all([join(token, 'one@example.org'), join(token, 'two@example.org')])
    expect(both.filter((one) => one.me?.role === 'ANNOTATOR')).toHaveLength(1)
    expect(both.flatMap(({ errors }) => errors)).toEqual([{ code: 'INVITATION_INVALID' }])
    expect(both.find(({ me: found }) => found)?.me.person.handle).toBe('ann-o-other')
  })

  it('for an address serves only that address; a withdrawn one serves nobody', async () => {
    const token = await invite(owner, 'viewer', 'Named@Example.org')
    expect((await join(token, 'other@example.org')).errors[0].code).toBe('INVITATION_FOR_ANOTHER')
    expect((await join(token, 'named@example.org')).me.role).toBe('VIEWER')
    const { data } = await owner.graphql(
      'mutation { createInvitation(input: { role: VIEWER }) { token invitation { id } } }',
    )
    const { token: second, invitation } = data.createInvitation
    await owner.graphql('mutation($id: ID!) { revokeInvitation(id: $id) { errors { code } } }', {
      id: invitation.id,
    })
    expect((await join(second, 'late@example.org')).errors[0].code).toBe('INVITATION_INVALID')
  })

  it('who is in the team already does not use up an invitation', async () => {
    const made = await owner.graphql(
      'mutation($input: CreateInvitationInput!) { createInvitation(input: $input) { token errors { code } } }',
      { input: { role: 'VIEWER' } },
    )
    const { token } = made.data.createInvitation
    const { data } = await owner.graphql(
      'mutation($token: String!) { acceptInvitation(token: $token) { member { role } errors { code } } }',
      { token },
    )
    expect(data.acceptInvitation).toEqual({ member: null, errors: [{ code: 'ALREADY_MEMBER' }] })
    const still = await owner.graphql(
      'query($token: String!) { invitation(token: $token) { role } }',
      {
        token,
      },
    )
    expect(still.data.invitation).toEqual({ role: 'VIEWER' })
  })

  it('roles change at once, and the last admin stays', async () => {
    const member = await joinAs(api, owner, 'researcher', 'Rita Role')
    const change =
      'mutation($input: ChangeRoleInput!) { changeRole(input: $input) { member { role } errors { code } } }'
    const changed = await owner.graphql(change, { input: { userId: member.id, role: 'VIEWER' } })
    expect(changed.data.changeRole).toEqual({ member: { role: 'VIEWER' }, errors: [] })
    const { errors } = await member.graphql(
      'mutation { savePrompt(input: { text: "x" }) { errors { code } } }',
    )
    expect(errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN')
    const self = await owner.graphql(change, { input: { userId: owner.id, role: 'VIEWER' } })
    expect(self.data.changeRole.errors).toEqual([{ code: 'LAST_ADMIN' }])
    await owner.graphql('mutation($id: ID!) { removeMember(userId: $id) { errors { code } } }', {
      id: member.id,
    })
    expect(await asked({ cookie: member.cookies })).toMatchObject({ via: 'SESSION', role: null })
  })
})
