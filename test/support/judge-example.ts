import { changedSample } from '../../pipeline/validate/catalogue/sample.ts'
import type { Example } from '../../pipeline/validate/catalogue.ts'
import { checkOverrides, checkSelection, validateDefinition, validateText } from '../../pipeline/validate/index.ts'
import type { Problem } from '../../schemas/problem.ts'

/** Judges an example of the catalogue the way a user would meet it. */
export function judgeExample({ set, text, pipeline, allow, overrides, selection }: Example): Problem[] {
  const options = { ...(pipeline && { pipeline }), ...(allow && { allow }) }
  if (text !== undefined) return validateText(text(), options)
  const document = changedSample(set)
  if (overrides !== undefined) return checkOverrides(document, overrides)
  if (selection !== undefined) return checkSelection(document, selection)
  return validateDefinition(document, options)
}
