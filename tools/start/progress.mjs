// Progress on the terminal: one line a step, with how long it took.

const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`

export function createProgress(total, write = (line) => process.stdout.write(`${line}\n`)) {
  const began = Date.now()
  let number = 0
  return {
    /** Runs a step; what it returns as text is printed beside its time. */
    async step(title, work) {
      number += 1
      const place = `[${number}/${total}]`
      write(`${place} ${title} ...`)
      const started = Date.now()
      const result = await work((line) => write(`${' '.repeat(place.length)}   ${line}`))
      const note = typeof result?.note === 'string' ? ` (${result.note})` : ''
      write(`${place} ${title}: ${seconds(Date.now() - started)}${note}`)
      return result?.value
    },
    note: (line) => write(line),
    elapsed: () => seconds(Date.now() - began),
  }
}
