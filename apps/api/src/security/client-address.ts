// An address of a client -> the bucket that its limits are counted in: IPv4 whole, IPv6 by its /64.
import { isIPv4, isIPv6 } from 'node:net'

/** One home or machine can use any address of its /64, in any spelling. */
export function addressBucket(address: string | undefined): string {
  const bare = (address ?? '').replace(/%.*$/, '').toLowerCase()
  if (isIPv4(bare)) return bare
  if (!isIPv6(bare)) return 'unknown'
  const groups = groupsOf(bare)
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
  if (!mapped)
    return `${groups
      .slice(0, 4)
      .map((group) => group.toString(16))
      .join(':')}::/64`
  const [high, low] = [groups[6] as number, groups[7] as number]
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}

function groupsOf(address: string): number[] {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address)
  const text = dotted === null ? address : hexadecimalOf(dotted.slice(1))
  const [before = '', after] = text.split('::')
  const parse = (part: string | undefined): number[] =>
    part ? part.split(':').map((group) => parseInt(group, 16)) : []
  const [head, tail] = [parse(before), parse(after)]
  return [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail]
}

function hexadecimalOf([prefix, ...bytes]: string[]): string {
  const [a = 0, b = 0, c = 0, d = 0] = bytes.map(Number)
  return `${prefix}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`
}
