// Refuses a Node that is too old before anything fails in a stranger way.

const oldest = { major: 20, minor: 19 }

/** Whether a version such as `v20.19.0` is new enough. */
export function isNewEnough(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  return major > oldest.major || (major === oldest.major && minor >= oldest.minor)
}

/** Ends the process with a sentence when this Node is too old. */
export function checkNodeVersion(version = process.version) {
  if (isNewEnough(version)) return
  console.error(
    `Imprint needs Node ${oldest.major}.${oldest.minor} or newer; this is ${version}. Install a newer one from https://nodejs.org and run the command again.`,
  )
  process.exit(1)
}
