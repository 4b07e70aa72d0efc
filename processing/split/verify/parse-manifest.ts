/** The entries of an S3 manifest; none of what is no manifest. */
export function parseManifest(text: string): readonly unknown[] {
  try {
    const content: unknown = JSON.parse(text)
    return Array.isArray(content) ? content : []
  } catch {
    return []
  }
}
