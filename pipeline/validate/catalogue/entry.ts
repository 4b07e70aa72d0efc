import type { Severity } from '../../../schemas/problem.ts'
import type { PipelineFacts, ValidateOptions } from '../options.ts'

/** One kind of problem: what it means, why we say so, how it looks and how to repair it. */
export interface CatalogueEntry {
  readonly title: string
  readonly severity: Severity
  /** Where the rule comes from. */
  readonly source: string
  readonly example: Example
  /** What to do, in one or two sentences. */
  readonly repair: string
}

/** Something that raises the code: changes to the sample document, a whole text, or what is beside the document. */
export interface Example {
  /** Place in the sample document and the value to put there; without a value the member goes away. */
  readonly set?: readonly (readonly [path: string, value?: unknown])[]
  /** Instead of a document: the text of one. */
  readonly text?: () => string
  readonly pipeline?: PipelineFacts
  readonly allow?: ValidateOptions['allow']
  /** Start values. */
  readonly overrides?: Readonly<Record<string, string>>
  readonly selection?: { readonly selectedSteps: readonly string[]; readonly sourceExecutionArn?: string }
}
