export { type Code, catalogue, type CatalogueEntry } from './catalogue.ts'
export { checkOverrides } from './check-overrides.ts'
export { checkSelection, type Selection } from './check-selection.ts'
export type { Allowance, PipelineFacts, ValidateOptions } from './options.ts'
export { validateDefinition, validateText } from './validate-definition.ts'
export {
  explainServiceError,
  type ServiceErrorExplanation,
  type ServiceErrorPlace,
} from './explain-service-error.ts'
export { type FormatOptions, formatProblems, type Painter, type ProblemFormat, problemFormats } from './format.ts'
