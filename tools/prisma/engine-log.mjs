// Log lines and error codes in the form the Prisma CLI reads from its engine.

export function logLine(level, message, fields = {}) {
  const line = {
    timestamp: new Date().toISOString(),
    level,
    fields: { message, ...fields },
    target: 'schema_engine::logger',
  }
  process.stderr.write(`${JSON.stringify(line)}\n`)
}

const codeByPostgresCode = { '3D000': 'P1003', '28P01': 'P1000', ECONNREFUSED: 'P1001' }

/** Prisma's code for an error of the driver or of the engine; undefined where it has none. */
export function prismaCodeOf(error) {
  const code = typeof error?.code === 'string' ? error.code : ''
  return /^P\d{4}$/.test(code) ? code : codeByPostgresCode[code]
}
