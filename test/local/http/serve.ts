import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { SageMakerClient, type SageMakerClientConfig } from '@aws-sdk/client-sagemaker'
import type { OperationTable } from '../../../local/contract.ts'
import { type RunningServer, startServer } from '../../../local/http/server.ts'
import { createFolderStore, type FolderStore } from '../../../local/storage/folder-store.ts'

/** A server on a fresh folder, with what it logged. */
export interface Served {
  readonly server: RunningServer
  readonly store: FolderStore
  readonly dir: string
  readonly endpoint: string
  readonly logged: string[]
  s3(config?: S3ClientConfig): S3Client
  sagemaker(config?: SageMakerClientConfig): SageMakerClient
  close(): Promise<void>
}

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }

export async function serve(operations: OperationTable = {}): Promise<Served> {
  const dir = await mkdtemp(join(tmpdir(), 'foldwise-http-'))
  const store = await createFolderStore(join(dir, 's3'))
  const logged: string[] = []
  const server = await startServer({ store, operations, log: line => logged.push(line) })
  const endpoint = `http://127.0.0.1:${server.port}`
  const clients: { destroy(): void }[] = []
  const keep = <T extends { destroy(): void }>(client: T): T => {
    clients.push(client)
    return client
  }
  return {
    server,
    store,
    dir,
    endpoint,
    logged,
    s3: config => keep(new S3Client({ endpoint, region: 'eu-central-1', credentials, maxAttempts: 1, ...config })),
    sagemaker: config =>
      keep(new SageMakerClient({ endpoint, region: 'eu-central-1', credentials, maxAttempts: 1, ...config })),
    async close() {
      for (const client of clients) client.destroy()
      await server.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}
