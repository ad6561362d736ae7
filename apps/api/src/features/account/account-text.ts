// What names, addresses, days and paths of accounts must be like before they are stored.
import { z } from 'zod'
import { UserFailure } from '../../errors/user-failure.js'
import { checkText } from '../text-rules.js'

const longest = { name: 80, email: 254, path: 2_000 } as const
const emailForm = z.email().max(longest.email)

/** Trimmed. @throws UserFailure NAME_EMPTY, TEXT_TOO_LONG, TEXT_INVALID */
export function checkName(text: string, field = 'name'): string {
  const name = checkText(text.trim(), field, longest.name)
  if (name !== null) return name
  throw new UserFailure('NAME_EMPTY', `${field} is empty.`, { field, cure: 'Write one.' })
}

/** Trimmed, in lower case. @throws UserFailure EMAIL_INVALID */
export function checkEmail(text: string): string {
  const email = text.trim().toLowerCase()
  if (emailForm.safeParse(email).success) return email
  throw new UserFailure('EMAIL_INVALID', 'This is no e-mail address.', {
    field: 'email',
    cure: 'Write it like name@example.org.',
  })
}

/** When something ends that lasts so many days. @throws UserFailure DAYS_OUT_OF_RANGE */
export function endAfter(days: number, most: number, field: string): Date {
  if (days >= 1 && days <= most) return new Date(Date.now() + days * 86_400_000)
  throw new UserFailure('DAYS_OUT_OF_RANGE', `${field} is ${days}; it is 1 to ${most}.`, {
    field,
    cure: `Choose 1 to ${most} days.`,
  })
}

/** A path of this site, so that a link cannot lead elsewhere. @throws UserFailure PATH_INVALID */
export function checkPath(text: string): string {
  const path = checkText(text, 'path', longest.path) ?? ''
  const base = 'http://site.invalid'
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  const plain = /^\/(?![/\\])[^\\\u0000-\u0020]*$/.test(path)
  if (plain && URL.canParse(path, base) && new URL(path, base).origin === base) return path
  throw new UserFailure('PATH_INVALID', 'The path is no page of Imprint.', {
    field: 'path',
    cure: 'Copy it from the address bar, from the first / on.',
  })
}
