import { createHash } from 'node:crypto'
import type { Step } from '../../schemas/definition.ts'
import type { ObjectStore } from '../contract.ts'
import { parseS3Uri } from '../jobs/s3-uri.ts'
import { type CacheKey, cacheKey, differences } from './cache-key.ts'
import { parseExpireAfter } from './expire-after.ts'
import type { CacheFacts, StepResult } from './record.ts'

/** An earlier successful run of a step. */
export interface EarlierRun {
  readonly executionArn: string
  readonly endTime: string
  readonly result: () => Promise<StepResult | undefined>
  readonly facts: Pick<CacheFacts, 'key' | 'inputs'>
}

/** What the cache says about a step that is about to run. */
export interface CacheAnswer {
  /** Written to the journal with the step's result. */
  readonly facts: CacheFacts
  /** What is taken over, on a hit. */
  readonly hit?: StepResult
}

/**
 * Asks the cache: the newest successful run of the step in the same pipeline with the same key, not older than ExpireAfter.
 * The contents of S3 objects are not looked at, as in the service; but a hit on changed contents is told as such.
 *
 * @param earlier Successful runs of the step, newest first.
 * @returns undefined for a step type without a cache key.
 */
export async function askCache(options: {
  readonly step: Step
  readonly request: Readonly<Record<string, unknown>>
  readonly earlier: () => readonly EarlierRun[]
  readonly now: Date
  readonly store: ObjectStore
}): Promise<CacheAnswer | undefined> {
  const { step, request, earlier, now, store } = options
  const key = cacheKey(step.Type, request)
  if (key === undefined) return undefined
  const config = 'CacheConfig' in step ? step.CacheConfig : undefined
  if (config?.Enabled !== true) return { facts: { key, explanation: 'not asked: caching is not enabled for the step' } }
  const inputs = await inputsDigest(store, request)
  const miss = (explanation: string): CacheAnswer => ({ facts: { key, inputs, explanation: `miss: ${explanation}` } })
  const seconds = config.ExpireAfter === undefined ? undefined : parseExpireAfter(config.ExpireAfter)
  if (seconds === undefined)
    return miss(`ExpireAfter ${JSON.stringify(config.ExpireAfter)} is no duration such as P30D`)
  const runs = earlier()
  const [newest] = runs
  if (newest === undefined) return miss('no earlier execution of the pipeline has run the step with success')
  const same = runs.find(run => isSame(key, run.facts.key))
  if (same === undefined)
    return miss(`${differences(key, newest.facts.key).join(', ')} differ from the run in ${newest.executionArn}`)
  const age = (now.getTime() - Date.parse(same.endTime)) / 1000
  if (age > seconds) return miss(`the run in ${same.executionArn} is older than ${config.ExpireAfter}`)
  const result = await same.result()
  if (result === undefined) return miss(`the run in ${same.executionArn} is no longer there`)
  const stale = same.facts.inputs !== undefined && same.facts.inputs !== inputs
  const warning = stale ? '; warning: the URIs are the same, but the contents of the inputs have changed since' : ''
  const { cache: _cache, ...taken } = result
  return {
    facts: {
      key,
      ...(same.facts.inputs === undefined ? {} : { inputs: same.facts.inputs }),
      explanation: `hit: the run in ${same.executionArn} had the same arguments${warning}`,
    },
    hit: { ...taken, cacheSource: same.executionArn },
  }
}

const isSame = (key: CacheKey, other: CacheKey): boolean => differences(key, other).length === 0

/** Names and contents of everything below the S3 URIs of a job's inputs. */
async function inputsDigest(store: ObjectStore, request: Readonly<Record<string, unknown>>): Promise<string> {
  const hash = createHash('sha256')
  for (const uri of inputUris([request['ProcessingInputs'], request['InputDataConfig'], request['TransformInput']])) {
    const place = parseS3Uri(uri)
    if (place === undefined) continue
    for await (const { key, etag } of store.list(place.bucket, place.key)) hash.update(`${key}\0${etag}\0`)
  }
  return hash.digest('hex').slice(0, 16)
}

function inputUris(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) =>
    name === 'S3Uri' && typeof member === 'string' ? [member] : inputUris(member),
  )
}
