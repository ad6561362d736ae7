// An IP address -> whether it belongs to this machine, a private network or another special range a hub has no business in.
import { BlockList, isIP } from 'node:net'

/** RFC 6890 and its successors: own machine, private, link-local, shared, documentation, benchmarks, multicast, reserved. */
const ranges4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
] as const

/** The same, and every way to write an IPv4 address inside an IPv6 one: mapped, NAT64, 6to4, Teredo. */
const ranges6 = [
  '::/96',
  '::ffff:0:0/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
] as const

// Two lists, since in one an IPv4 address would match the range of the mapped ones.
const lists = { ipv4: new BlockList(), ipv6: new BlockList() } as const
for (const range of ranges4) add(range, 'ipv4')
for (const range of ranges6) add(range, 'ipv6')

function add(range: string, family: 'ipv4' | 'ipv6'): void {
  const [network = '', bits = ''] = range.split('/')
  lists[family].addSubnet(network, Number(bits), family)
}

/** @param address an IP address; anything else counts as private */
export function isPrivateAddress(address: string): boolean {
  const plain = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '')
  const version = isIP(plain)
  const family = version === 4 ? 'ipv4' : 'ipv6'
  return version === 0 || lists[family].check(plain, family)
}
