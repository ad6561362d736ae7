// Loads the WebAssembly build of Prisma's schema engine.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import * as glue from '@prisma/schema-engine-wasm/schema_engine_bg'
import { logLine } from './engine-log.mjs'

const panicExitCode = 101

/** Makes engines from schema files and a connection factory. A panic ends the process, as the native engine's does. */
export async function loadEngineMaker() {
  globalThis.PRISMA_WASM_PANIC_REGISTRY = {
    set_message: (message) => logLine('ERROR', String(message), { backtrace: '' }),
  }
  process.on('uncaughtException', (error) => {
    logLine('ERROR', error.message)
    process.exit(panicExitCode)
  })
  const glueFile = fileURLToPath(import.meta.resolve('@prisma/schema-engine-wasm/schema_engine_bg'))
  const bytes = readFileSync(glueFile.replace(/\.js$/, '.wasm'))
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': glue })
  glue.__wbg_set_wasm(instance.exports)
  instance.exports.__wbindgen_start()
  return (datamodelFiles, factory) => {
    const datamodels = datamodelFiles.map((file) => [file, readFileSync(file, 'utf8')])
    return glue.SchemaEngine.new(
      { datamodels: datamodels.length > 0 ? datamodels : undefined },
      () => {},
      bindMigrationAwareSqlAdapterFactory(factory),
    )
  }
}
