import { documentChecks } from './document.ts'
import { expressionsChecks } from './expressions.ts'
import { jobsChecks } from './jobs.ts'
import { optionsChecks } from './options.ts'
import { resourcesChecks } from './resources.ts'
import { stepsChecks } from './steps.ts'
import type { ReferenceCheck } from './check.ts'

/** The rules about definitions that public sources name, by their number in our list of them. */
export const referenceChecks: Readonly<Record<number, ReferenceCheck>> = {
  ...documentChecks,
  ...stepsChecks,
  ...expressionsChecks,
  ...optionsChecks,
  ...jobsChecks,
  ...resourcesChecks,
}
