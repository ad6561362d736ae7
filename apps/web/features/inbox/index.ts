export { InboxBell } from './inbox-bell'
