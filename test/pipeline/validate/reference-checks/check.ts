import type { Code, Example } from '../../../../pipeline/validate/catalogue.ts'

/** One mistake and the code that names it. */
export type Mistake = readonly [code: Code, example: Example]

/** A rule that a definition can break: in words, with mistakes that break it, or where else it is kept. */
export interface ReferenceCheck {
  readonly rule: string
  readonly mistakes: readonly Mistake[]
  /** Who keeps the part of the rule that no document shows, and the test that shows it. */
  readonly elsewhere?: { readonly file: string; readonly test: string }
}
