// One field of a form about accounts.
export interface AccountField {
  readonly name: string
  readonly label: string
  readonly type: 'text' | 'email' | 'password'
  readonly autoComplete: string
  readonly hint?: string
  readonly initial?: string
  readonly readOnly?: boolean
  /** A password that is chosen now: its strength is shown. */
  readonly chosen?: boolean
}
