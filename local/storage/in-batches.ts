import { setImmediate } from 'node:timers/promises'

/**
 * Gathers items for work that is done batch by batch. Between two batches everything else that waits gets its turn: looking
 * at many small files would otherwise hold up the whole process.
 */
export async function* inBatches<T>(items: AsyncIterable<T> | Iterable<T>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = []
  for await (const item of items) {
    batch.push(item)
    if (batch.length < size) continue
    yield batch
    batch = []
    await setImmediate()
  }
  if (batch.length > 0) yield batch
}
