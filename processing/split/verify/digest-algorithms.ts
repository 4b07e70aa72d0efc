import { createHash } from 'node:crypto'
import type { FoldReport } from '../../../schemas/fold-report.ts'
import { Blake3 } from '../blake3.ts'

interface Hasher {
  update(bytes: Uint8Array): unknown
  /** In hexadecimal digits; the hasher is used up. */
  digest(): string
}

/** Every algorithm that a fold report may name: Foldwise's own, and that of the Spark program. */
export const digestAlgorithms = {
  blake3: () => new Blake3(),
  sha256: () => {
    const hash = createHash('sha256')
    return { update: bytes => hash.update(bytes), digest: () => hash.digest('hex') }
  },
} as const satisfies Record<FoldReport['digestAlgorithm'], () => Hasher>

/** The digest of a text, as the report's algorithm gives it. */
export function digestOfText({ digestAlgorithm }: Pick<FoldReport, 'digestAlgorithm'>, text: string): string {
  const hasher: Hasher = digestAlgorithms[digestAlgorithm]()
  hasher.update(Buffer.from(text))
  return hasher.digest()
}
