// What a request shows of itself -> the row that says who asks, in which project, with which role; one query for each kind.
import type { Role } from '../../access/roles.js'
import type { Database } from '../../database/index.js'
import { isUuid } from '../../pagination/time-cursor.js'
import { local } from './local-account.js'

export interface ViewerRow {
  readonly userId: string
  readonly userName: string
  readonly projectId: string
  readonly projectName: string
  readonly teamId: string
  /** Null: no member of the project's team. */
  readonly role: Uppercase<Role> | null
  readonly isPublic: boolean
}

export interface KeyRow extends ViewerRow {
  readonly keyId: string
  readonly hash: string
  readonly scopes: readonly string[]
  readonly expiresAt: Date | null
  readonly lastUsedAt: Date | null
  readonly revokedAt: Date | null
}

export interface LinkRow extends Omit<ViewerRow, 'userId' | 'userName' | 'role'> {
  readonly linkId: string
  readonly path: string
  /** What is reviewed, when the page is a review’s. */
  readonly reviewed: {
    readonly kind: 'EDIT' | 'ANNOTATION' | 'EVALUATION'
    readonly id: string
  } | null
  readonly lastUsedAt: Date | null
}

const project = `p.id AS "projectId", p.name AS "projectName", p.team_id AS "teamId", p.is_public AS "isPublic"`

export class ViewerRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** The project that is asked for, if this user may see it, else the first of their teams, else a public one. */
  async ofUser(userId: string, asked: string | null): Promise<ViewerRow | null> {
    return this.#first<ViewerRow>(
      `SELECT u.id AS "userId", u.name AS "userName", m.role::text AS role, ${project}
       FROM user_account u JOIN project p ON true
       LEFT JOIN membership m ON m.team_id = p.team_id AND m.user_id = u.id
       WHERE u.id = $1 AND (m.user_id IS NOT NULL OR p.is_public)
       ORDER BY (p.id = $2) IS TRUE DESC, (m.user_id IS NULL), p.created_at, p.id LIMIT 1`,
      [userId, uuidOrNull(asked)],
    )
  }

  /** A public project; before there is an owner, the demo. */
  async ofVisitor(
    asked: string | null,
  ): Promise<Omit<ViewerRow, 'userId' | 'userName' | 'role'> | null> {
    return this.#first(
      `SELECT ${project} FROM project p JOIN team t ON t.id = p.team_id
       WHERE p.is_public OR (t.slug = $2 AND p.slug = $3
         AND NOT EXISTS (SELECT 1 FROM user_account WHERE email IS NOT NULL))
       ORDER BY (p.id = $1) IS TRUE DESC, p.is_public DESC, p.created_at, p.id LIMIT 1`,
      [uuidOrNull(asked), local.team, local.project],
    )
  }

  async ofKey(publicId: string): Promise<KeyRow | null> {
    return this.#first<KeyRow>(
      `SELECT k.id AS "keyId", k.hash, k.scopes, k.expires_at AS "expiresAt",
         k.last_used_at AS "lastUsedAt", k.revoked_at AS "revokedAt",
         u.id AS "userId", u.name AS "userName", m.role::text AS role, ${project}
       FROM api_key k JOIN user_account u ON u.id = k.user_id JOIN project p ON p.id = k.project_id
       LEFT JOIN membership m ON m.team_id = p.team_id AND m.user_id = u.id
       WHERE k.public_id = $1`,
      [publicId],
    )
  }

  /** Null also for a link that was revoked or has ended, or whose maker may no longer read the project. */
  async ofLink(tokenHash: string): Promise<LinkRow | null> {
    return this.#first<LinkRow>(
      `SELECT s.id AS "linkId", s.path, s.last_used_at AS "lastUsedAt", ${project},
         CASE WHEN r.id IS NOT NULL
           THEN json_build_object('kind', r.subject_kind, 'id', r.subject_id) END AS reviewed
       FROM share_link s JOIN project p ON p.id = s.project_id
       LEFT JOIN review r ON r.project_id = p.id
         AND r.id = substring(s.path FROM '^/reviews/([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})')::uuid
       JOIN membership m ON m.team_id = p.team_id AND m.user_id = s.created_by_id
       WHERE s.token_hash = $1 AND s.revoked_at IS NULL AND (s.expires_at IS NULL OR s.expires_at > now())`,
      [tokenHash],
    )
  }

  /** Writes at most once a minute, however often a key is used. */
  async touchKey(id: string): Promise<void> {
    await this.#database.pool.query(
      `UPDATE api_key SET last_used_at = now()
       WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`,
      [id],
    )
  }

  async touchLink(id: string): Promise<void> {
    await this.#database.pool.query(
      `UPDATE share_link SET last_used_at = now(), uses = uses + 1
       WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`,
      [id],
    )
  }

  async #first<Row extends object>(sql: string, values: unknown[]): Promise<Row | null> {
    return (await this.#database.pool.query<Row>(sql, values)).rows[0] ?? null
  }
}

const uuidOrNull = (id: string | null): string | null => (id !== null && isUuid(id) ? id : null)
