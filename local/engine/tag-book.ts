import { readJson, writeJson } from './durable-file.ts'

export interface Tag {
  readonly Key: string
  readonly Value: string
}

/** Tags by the ARN of what they are on, in one file. */
export interface TagBook {
  of(arn: string): readonly Tag[]
  /** Adds tags; a key that is there gets the new value. */
  add(arn: string, tags: readonly Tag[]): Promise<void>
  remove(arn: string, keys: readonly string[]): Promise<void>
}

export async function openTagBook(file: string): Promise<TagBook> {
  const tags = new Map<string, readonly Tag[]>(Object.entries((await readJson<Record<string, Tag[]>>(file)) ?? {}))
  let last: Promise<void> = Promise.resolve()
  const set = (arn: string, next: readonly Tag[]): Promise<void> => {
    if (next.length === 0) tags.delete(arn)
    else tags.set(arn, next)
    const save = (): Promise<void> => writeJson(file, Object.fromEntries(tags))
    last = last.then(save, save)
    return last
  }
  return {
    of: arn => tags.get(arn) ?? [],
    add: (arn, added) => {
      if (added.length === 0) return Promise.resolve()
      const merged = new Map([...(tags.get(arn) ?? []), ...added].map(tag => [tag.Key, tag]))
      return set(arn, [...merged.values()])
    },
    remove: (arn, keys) => {
      if (!tags.has(arn)) return Promise.resolve()
      return set(
        arn,
        (tags.get(arn) ?? []).filter(tag => !keys.includes(tag.Key)),
      )
    },
  }
}
