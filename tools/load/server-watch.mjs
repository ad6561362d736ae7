// Reads /metrics every five seconds: each reading of the event loop's lag is of the seconds since the last one.

const period = 5_000

const valueOf = (text, start) => {
  const line = text.split('\n').find((one) => one.startsWith(start))
  return line === undefined ? 0 : Number(line.split(' ').at(-1))
}

async function read(url) {
  const text = await (await fetch(`${url}/metrics`)).text()
  return {
    // The measurement's own period of ten milliseconds is part of what it says.
    lagP99: Math.max(0, valueOf(text, 'nodejs_eventloop_lag_p99_seconds') * 1000 - 10),
    resident: valueOf(text, 'process_resident_memory_bytes') / 2 ** 20,
    connections: valueOf(text, 'imprint_database_connections{state="used"}'),
    connectionLimit: valueOf(text, 'imprint_database_connections{state="limit"}'),
    subscriptions: valueOf(text, 'imprint_subscriptions'),
  }
}

export function watchServer({ url }) {
  const readings = []
  const note = async () => void readings.push(await read(url))
  const first = read(url)
  const timer = setInterval(() => note().catch(() => {}), period)
  return {
    end: async () => {
      clearInterval(timer)
      await first
      await note()
      const half = readings[Math.floor(readings.length / 2)]
      return {
        lagP99: readings.map(({ lagP99 }) => lagP99),
        residentMegabytes: readings.map(({ resident }) => Math.round(resident)),
        growth: readings.at(-1).resident - half.resident,
        connections: Math.max(...readings.map(({ connections }) => connections)),
        connectionLimit: readings[0].connectionLimit,
        subscriptions: Math.max(...readings.map(({ subscriptions }) => subscriptions)),
      }
    },
  }
}
