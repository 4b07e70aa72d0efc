import { createServer, request } from 'node:http'
import { expect, test } from 'vitest'
import { joinHosts } from '../../../processing/hosts/host-exchange.ts'
import type { JoinOptions } from '../../../processing/hosts/host-exchange.ts'
import { parseAddresses } from '../../../processing/hosts/job-hosts.ts'
import type { JobHosts } from '../../../processing/hosts/job-hosts.ts'
import { packMessages, unpackMessages } from '../../../processing/hosts/message.ts'
import { freePort, loopbackHosts } from '../split/hosts/over-hosts.ts'

const quick = { times: { startSeconds: 1, silenceSeconds: 0.6 } }

async function joinAll(hosts: readonly JobHosts[], options: JoinOptions = quick) {
  return await Promise.all(hosts.map(host => joinHosts(host, options)))
}

test('every host gets the messages of all, in the order of the hosts, numbers as they were', async () => {
  const hosts = await joinAll(await loopbackHosts(3))
  const gathered = await Promise.all(
    hosts.map(host =>
      host.gather('codes', {
        facts: { host: host.index },
        blobs: [new Uint8Array(new Uint16Array([host.index, 65535]).buffer)],
      }),
    ),
  )
  for (const messages of gathered) {
    expect(messages.map(({ facts }) => facts)).toEqual([{ host: 0 }, { host: 1 }, { host: 2 }])
    expect([...new Uint16Array((messages[2]?.blobs[0] ?? new Uint8Array(0)).slice().buffer)]).toEqual([2, 65535])
  }
  await Promise.all(hosts.map(host => host.close()))
})

test('a host that fails ends the others with its reason', async () => {
  const [first, second, third] = await joinAll(await loopbackHosts(3))
  const waiting = [first?.gather('x', { facts: 1, blobs: [] }), third?.gather('x', { facts: 3, blobs: [] })]
  const outcome = Promise.all(
    waiting.map(wait => expect(wait).rejects.toThrow('algo-2: data.csv:7 — the row has 3 fields')),
  )
  await second?.fail('data.csv:7 — the row has 3 fields')
  await outcome
  await Promise.all([first, second, third].map(host => host?.close()))
})

test('a host that falls silent ends the others', async () => {
  const [first, second, third] = await joinAll(await loopbackHosts(3))
  await Promise.all([first, second, third].map(host => host?.gather('start', { facts: null, blobs: [] })))
  await third?.close()
  const outcome = Promise.all(
    [first, second].map(host =>
      expect(host?.gather('x', { facts: null, blobs: [] })).rejects.toThrow(
        'algo-3 has not been heard of for 0.6 seconds — it has died or lost the network',
      ),
    ),
  )
  await outcome
  await Promise.all([first, second].map(host => host?.close()))
})

test('a host that never starts ends the others', async () => {
  const hosts = await loopbackHosts(2)
  const first = await joinHosts(hosts[0] as JobHosts, quick)
  await expect(first.gather('x', { facts: null, blobs: [] })).rejects.toThrow(
    'algo-2 has not been heard of in 1 seconds — every host of the job must run the split',
  )
  await first.close()
})

test('a late first host is waited for, and one that never comes or goes away is named', async () => {
  const hosts = await loopbackHosts(2)
  const second = await joinHosts(hosts[1] as JobHosts, quick)
  const answer = second.gather('x', { facts: 2, blobs: [] })
  await new Promise(resolve => setTimeout(resolve, 500))
  const first = await joinHosts(hosts[0] as JobHosts, quick)
  await first.gather('x', { facts: 1, blobs: [] })
  expect((await answer).map(({ facts }) => facts)).toEqual([1, 2])
  await first.close()
  await expect(second.gather('y', { facts: 2, blobs: [] })).rejects.toThrow(
    /^algo-1 cannot be reached at 127\.0\.0\.1:\d+ for 0\.6 seconds/,
  )
  await second.close()
  const never = await joinHosts((await loopbackHosts(2))[1] as JobHosts, quick)
  await expect(never.gather('x', { facts: null, blobs: [] })).rejects.toThrow(
    /^algo-1 cannot be reached at .* for 1 seconds/,
  )
  await never.close()
})

test('another job is not listened to', async () => {
  const [mine, other] = await loopbackHosts(2)
  const first = await joinHosts(mine as JobHosts, quick)
  const stranger = await joinHosts({ ...(other as JobHosts), token: 'of another job' }, quick)
  await expect(stranger.gather('x', { facts: null, blobs: [] })).rejects.toThrow(
    'algo-1 refused algo-2: 401 this is another job',
  )
  await stranger.close()
  await first.close()
})

test('what is no message is refused and does no harm', async () => {
  const [mine, other] = await loopbackHosts(2)
  const first = await joinHosts(mine as JobHosts, quick)
  const { port } = (mine as JobHosts).addressOf('algo-1')
  const status = await new Promise(resolve => {
    const headers = { authorization: 'Bearer of this job', 'x-foldwise-host': 'algo-2' }
    request({ host: '127.0.0.1', port, method: 'POST', path: '/x', headers }, response => {
      response.resume()
      resolve(response.statusCode)
    }).end('nonsense')
  })
  expect(status).toBe(400)
  const second = await joinHosts(other as JobHosts, quick)
  const both = await Promise.all([first, second].map(host => host.gather('x', { facts: host.index, blobs: [] })))
  expect(both[0]?.map(({ facts }) => facts)).toEqual([0, 1])
  await Promise.all([second.close(), first.close()])
})

test('a port in use is said with the port', async () => {
  const port = await freePort()
  const server = createServer().listen(port, '127.0.0.1')
  const host = {
    current: 'algo-1',
    names: ['algo-1', 'algo-2'],
    addressOf: () => ({ host: '127.0.0.1', port }),
    token: '',
  }
  await expect(joinHosts(host)).rejects.toThrow(`algo-1 cannot listen on 127.0.0.1:${port} (`)
  await new Promise(resolve => server.close(resolve))
})

test('an interrupted host waits no longer', async () => {
  const stop = new AbortController()
  const [mine] = await loopbackHosts(2)
  const first = await joinHosts(mine as JobHosts, { signal: stop.signal })
  const waiting = first.gather('x', { facts: null, blobs: [] })
  stop.abort()
  await expect(waiting).rejects.toThrow('the split was interrupted while it waited for the other hosts')
  await first.fail('interrupted')
  await first.close()
})

test('messages keep facts and blobs, and damaged ones are refused', () => {
  const messages = [
    { facts: { a: 'é' }, blobs: [new Uint8Array([1, 2]), new Uint8Array(0)] },
    { facts: null, blobs: [] },
  ]
  const bytes = packMessages(messages)
  expect(unpackMessages(bytes)).toEqual(messages)
  expect(() => unpackMessages(bytes.subarray(0, -1))).toThrow(/a message of \d+ bytes says that it has/)
})

test('addresses are read from their variable', () => {
  expect([...parseAddresses('algo-1=127.0.0.2:99,algo-2=127.0.0.3')]).toEqual([
    ['algo-1', { host: '127.0.0.2', port: 99 }],
    ['algo-2', { host: '127.0.0.3', port: 47470 }],
  ])
  expect(() => parseAddresses('nonsense')).toThrow('it has the form algo-1=127.0.0.1:47470')
})
