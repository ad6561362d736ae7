// Every scenario, in the order they are run.
import { apiKills } from './api-kills.mjs'
import { databaseRestarts } from './database-restarts.mjs'
import { gracefulStops } from './graceful-stops.mjs'
import { halfOpen } from './half-open.mjs'
import { kills } from './kills.mjs'
import { poisonCase } from './poison.mjs'
import { recovery } from './recovery.mjs'
import { scarcity } from './scarcity.mjs'
import { twoWorkers } from './two-workers.mjs'
import { zombies } from './zombies.mjs'

export const scenarios = [
  twoWorkers,
  kills,
  recovery,
  zombies,
  databaseRestarts,
  apiKills,
  poisonCase,
  scarcity,
  gracefulStops,
  halfOpen,
]
