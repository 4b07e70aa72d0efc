import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { HOST_ADDRESSES_VARIABLE } from '../../schemas/containers.ts'
import { hostNames } from './sandbox.ts'

/**
 * The variable that tells Foldwise's programs where the hosts of a job listen: here all are processes of one machine, and
 * their names are not known to it. Only the first one listens, so they share a port that is free now.
 */
export async function loopbackHosts(count: number): Promise<Record<string, string>> {
  if (count === 1) return {}
  const server = createServer()
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return {
    [HOST_ADDRESSES_VARIABLE]: hostNames(count)
      .map(host => `${host}=127.0.0.1:${port}`)
      .join(','),
  }
}
