// The way to what awaits me.
export { InboxBell } from '../inbox'
