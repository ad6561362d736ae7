// Preloaded into every program of `npm start`: ends it when the starting process is gone without having said so.
const parent = Number(process.env.IMPRINT_STARTED_BY)

if (process.ppid === parent) {
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM')
  }, 1_000).unref()
}
