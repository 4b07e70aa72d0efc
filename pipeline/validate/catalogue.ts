import { argumentCodes } from './catalogue/arguments.ts'
import { callCodes } from './catalogue/calls.ts'
import { documentCodes } from './catalogue/document.ts'
import type { CatalogueEntry } from './catalogue/entry.ts'
import { expressionCodes } from './catalogue/expressions.ts'
import { forEachCodes } from './catalogue/for-each.ts'
import { jobCodes } from './catalogue/jobs.ts'
import { modelCodes } from './catalogue/models.ts'
import { optionCodes } from './catalogue/options.ts'
import { startCodes } from './catalogue/start.ts'
import { stepCodes } from './catalogue/steps.ts'
import { tuningCodes } from './catalogue/tuning.ts'

export type { CatalogueEntry, Example } from './catalogue/entry.ts'

/**
 * Every code that a problem can have: `FW1…` document and parameters, `FW2…` steps and graph, `FW3…` expressions,
 * `FW4…` step options, `FW5…` arguments, `FW9…` start values. A code never changes its meaning.
 */
export const catalogue = {
  ...documentCodes,
  ...stepCodes,
  ...forEachCodes,
  ...expressionCodes,
  ...optionCodes,
  ...argumentCodes,
  ...jobCodes,
  ...tuningCodes,
  ...modelCodes,
  ...callCodes,
  ...startCodes,
} satisfies Readonly<Record<`FW${number}`, CatalogueEntry>>

export type Code = keyof typeof catalogue
