// A small OpenID Connect provider for tests: discovery, authorization with PKCE, tokens signed with RS256, keys and user info.
import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface OidcPerson {
  readonly sub: string
  readonly email?: string
  readonly email_verified?: boolean
  readonly name?: string
}

/** What goes wrong at the provider, or is done by somebody in between. */
export type OidcFault =
  | 'none'
  | 'down'
  | 'silent'
  | 'other-issuer'
  | 'other-audience'
  | 'other-nonce'
  | 'other-key'
  | 'ended'
  | 'unsigned'
  | 'token-down'

interface Grant {
  readonly challenge: string
  readonly nonce: string
  readonly redirect: string
  readonly person: OidcPerson
}

export interface OidcProvider {
  readonly issuer: string
  readonly client: { readonly id: string; readonly secret: string }
  /** Whoever authorizes next, and what goes wrong then. */
  person: OidcPerson
  fault: OidcFault
  /** Answers as the provider does when somebody agrees there: where the browser is sent back to. */
  authorize(address: string): URL
  stop(): Promise<void>
}

const base64 = (value: object | string): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

const makeKeys = () => generateKeyPairSync('rsa', { modulusLength: 2048 })

class Provider implements OidcProvider {
  issuer = ''
  readonly client = { id: 'imprint', secret: 'a secret of the client' }
  person: OidcPerson = { sub: 'nobody' }
  fault: OidcFault = 'none'
  readonly #keys = makeKeys()
  readonly #otherKeys = makeKeys()
  readonly #grants = new Map<string, Grant>()
  readonly #server = createServer((request, response) => void this.#answer(request, response))

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    this.issuer = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
    return this
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  authorize(address: string): URL {
    const asked = new URL(address).searchParams
    const needs = (name: string): string => {
      const value = asked.get(name)
      if (value === null) throw new Error(`The question has no ${name}`)
      return value
    }
    if (needs('client_id') !== this.client.id || needs('response_type') !== 'code')
      throw new Error('Not our client')
    if (needs('code_challenge_method') !== 'S256') throw new Error('PKCE is to be S256')
    if (!needs('scope').split(' ').includes('openid')) throw new Error('No scope openid')
    const code = randomUUID()
    const [challenge, nonce] = [needs('code_challenge'), needs('nonce')]
    const redirect = needs('redirect_uri')
    this.#grants.set(code, { challenge, nonce, redirect, person: this.person })
    const back = new URL(redirect)
    back.searchParams.set('code', code)
    back.searchParams.set('state', needs('state'))
    return back
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.fault === 'silent') return
    if (this.fault === 'down') return void response.writeHead(502).end()
    const parts: Record<string, () => object | null | Promise<object | null>> = {
      '/.well-known/openid-configuration': () => this.#discovery(),
      '/jwks': () => this.#jwks(),
      '/token': () => this.#token(request),
      '/userinfo': () => this.person,
    }
    const found = (await parts[request.url ?? '']?.()) ?? null
    response.writeHead(found === null ? 400 : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(found ?? { error: 'invalid_grant' }))
  }

  #discovery(): object {
    const { issuer } = this
    return {
      issuer: this.fault === 'other-issuer' ? 'https://elsewhere.example' : issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      userinfo_endpoint: `${issuer}/userinfo`,
      jwks_uri: `${issuer}/jwks`,
      id_token_signing_alg_values_supported: ['RS256'],
    }
  }

  #jwks(): object {
    const key = this.#keys.publicKey.export({ format: 'jwk' })
    return { keys: [{ ...key, kid: 'one', alg: 'RS256', use: 'sig' }] }
  }

  async #token(request: IncomingMessage): Promise<object | null> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const form = new URLSearchParams(Buffer.concat(chunks).toString())
    const basic = `Basic ${Buffer.from(`${this.client.id}:${encodeURIComponent(this.client.secret)}`).toString('base64')}`
    const known =
      form.get('client_secret') === this.client.secret || request.headers.authorization === basic
    const code = form.get('code') ?? ''
    const grant = this.#grants.get(code)
    this.#grants.delete(code)
    const verifier = form.get('code_verifier') ?? ''
    const challenge = createHash('sha256').update(verifier).digest('base64url')
    if (this.fault === 'token-down') {
      this.fault = 'down'
      return null
    }
    if (!known || grant?.challenge !== challenge || grant.redirect !== form.get('redirect_uri'))
      return null
    return {
      ...{ access_token: randomUUID(), token_type: 'Bearer', expires_in: 300 },
      ...{ refresh_token: `refresh ${randomUUID()}`, id_token: this.#idToken(grant) },
    }
  }

  #idToken({ nonce, person }: Grant): string {
    const { fault } = this
    const now = Math.floor(Date.now() / 1_000) - (fault === 'ended' ? 7_200 : 0)
    const claims = {
      ...{ iss: this.issuer, iat: now, exp: now + 300, ...person },
      aud: fault === 'other-audience' ? 'somebody' : this.client.id,
      nonce: fault === 'other-nonce' ? 'another' : nonce,
    }
    if (fault === 'unsigned') return `${base64({ alg: 'none' })}.${base64(claims)}.`
    const text = `${base64({ alg: 'RS256', kid: 'one', typ: 'JWT' })}.${base64(claims)}`
    const { privateKey } = fault === 'other-key' ? this.#otherKeys : this.#keys
    return `${text}.${sign('RSA-SHA256', Buffer.from(text), privateKey).toString('base64url')}`
  }
}

export const startOidcProvider = (): Promise<OidcProvider> => new Provider().start()
