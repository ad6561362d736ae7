// What the rest of the API may know of the database: how to open it, and how to hear of changes.
export { openDatabase } from './database.js'
export type { Database } from './database.js'
export { isConflict } from './create-once.js'
export { openRunNotifications } from './run-notifications.js'
export type { RunNotifications } from './run-notifications.js'
export { Wakeups } from './wakeups.js'
