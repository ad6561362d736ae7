// Memory of another process on Linux, sampled: resident pages, those that are anonymous, and those of mapped
// files: as often as they are mapped, and once.
import { readFileSync } from 'node:fs'

const PERIOD_MILLISECONDS = 25
/** smaps_rollup walks every page of a process, so it is read more seldom. */
const SHARED_PERIOD_MILLISECONDS = 100

const field = (text, name) => {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)
  return found === null ? 0 : Number(found[1]) * 1024
}

/** Samples until `stop` is called, which answers the peaks in bytes. @param {() => number | null} processId */
export function sampleProcess(processId) {
  const peaks = { resident: 0, anonymous: 0, fileMapped: 0, fileOnce: 0 }
  let lastShared = 0
  const raise = (name, bytes) => (peaks[name] = Math.max(peaks[name], bytes))
  const read = () => {
    const id = processId()
    if (id === null) return
    try {
      const status = readFileSync(`/proc/${id}/status`, 'utf8')
      // VmHWM is the kernel's own peak, so nothing between two samples is missed.
      raise('resident', field(status, 'VmHWM'))
      raise('anonymous', field(status, 'RssAnon'))
      raise('fileMapped', field(status, 'RssFile'))
      if (performance.now() - lastShared < SHARED_PERIOD_MILLISECONDS) return
      lastShared = performance.now()
      raise('fileOnce', field(readFileSync(`/proc/${id}/smaps_rollup`, 'utf8'), 'Pss_File'))
    } catch {
      // The process has just gone; the next sample or the run itself tells.
    }
  }
  const timer = setInterval(read, PERIOD_MILLISECONDS)
  return () => {
    clearInterval(timer)
    read()
    return peaks
  }
}
