/** What an S3 manifest lists: names below a prefix. */
interface Manifest {
  readonly prefix: string
  readonly names: readonly string[]
}

/** Reads an S3 manifest of the form `[{"prefix": "s3://…/"}, "0/part-0.csv", …]`; null for what is none. */
export function parseManifest(text: string): Manifest | null {
  const [head, ...names] = parseList(text)
  const prefix = (head as { prefix?: unknown } | undefined)?.prefix
  if (typeof prefix !== 'string' || !names.every(name => typeof name === 'string')) return null
  return { prefix, names }
}

function parseList(text: string): readonly unknown[] {
  try {
    const content: unknown = JSON.parse(text)
    return Array.isArray(content) ? content : []
  } catch {
    return []
  }
}
