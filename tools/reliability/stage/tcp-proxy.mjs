// A TCP relay that can swallow everything without closing anything, as a network does that has gone.
import net from 'node:net'

export async function openProxy(targetPort) {
  let silent = false
  const pairs = new Set()
  const server = net.createServer((client) => {
    const target = net.connect(targetPort, '127.0.0.1')
    const pair = { client, target }
    pairs.add(pair)
    const relay = (from, to) => {
      from.on('data', (chunk) => silent || pair.dead || to.write(chunk))
      from.on('error', () => {})
      from.on('close', () => {
        if (silent || pair.dead) return
        pairs.delete(pair)
        to.destroy()
      })
    }
    pair.dead = silent
    relay(client, target)
    relay(target, client)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: server.address().port,
    /** From now on nothing comes through, and nobody is told; what is open stays dead for ever. */
    swallow: () => {
      silent = true
      for (const pair of pairs) pair.dead = true
    },
    /** New connections work again. */
    restore: () => (silent = false),
    close: async () => {
      for (const { client, target } of pairs) {
        client.destroy()
        target.destroy()
      }
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
