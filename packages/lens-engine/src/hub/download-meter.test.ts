import { describe, expect, it } from 'vitest'
import { DownloadMeter } from './download-meter.js'
import type { DownloadProgress } from './download-options.js'
import type { HubFile } from './hub-api.js'

const file = (path: string, bytes: number): HubFile => ({
  path,
  bytes,
  checksum: { kind: 'sha256', digest: '0'.repeat(64) },
})

describe('DownloadMeter', () => {
  it('speaks at most five times a second, with the rate of the last five seconds', () => {
    let now = 0
    const seen: (DownloadProgress & { at: number })[] = []
    const meter = new DownloadMeter(
      (progress) => seen.push({ ...progress, at: now }),
      () => now,
    )
    const files = [file('a', 1_000_000), file('b', 9_000_000)]
    meter.enter('resolving')
    meter.plan(files)
    meter.have(files[0]!, 1_000_000)
    meter.enter('downloading', files[1]!)
    // 100 kB a second for ten seconds, then 400 kB a second for ten.
    for (let tick = 0; tick < 2000; tick++) {
      now += 10
      meter.fetch(files[1]!, tick < 1000 ? 1000 : 4000)
    }
    expect(seen.length).toBeLessThanOrEqual(2 + 20 * 5)
    expect(seen.length).toBeGreaterThan(90)
    const at = (time: number) => seen.filter((progress) => progress.at <= time).at(-1)!
    expect(at(9_900).bytesPerSecond).toBeGreaterThan(98_000)
    expect(at(9_900).bytesPerSecond).toBeLessThan(102_000)
    expect(at(20_000).bytesPerSecond).toBeGreaterThan(392_000)
    const last = at(20_000)
    expect(last).toMatchObject({ stage: 'downloading', file: 'b', fileIndex: 1, files: 2 })
    expect(last.totalBytes).toBe(10_000_000)
    const left = (last.totalBytes - last.receivedBytes) / last.bytesPerSecond!
    expect(last.secondsLeft).toBe(Math.ceil(left))
  })

  it('knows no rate before it has measured one, and none while it verifies', () => {
    const seen: DownloadProgress[] = []
    const meter = new DownloadMeter((progress) => seen.push(progress))
    meter.enter('downloading', file('a', 10))
    meter.enter('verifying', file('a', 10))
    for (const progress of seen)
      expect(progress).toMatchObject({ bytesPerSecond: null, secondsLeft: null })
  })
})
