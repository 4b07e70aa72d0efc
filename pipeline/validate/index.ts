export { type Code, catalogue, type CatalogueEntry } from './catalogue.ts'
export { checkOverrides } from './check-overrides.ts'
export type { Allowance, PipelineFacts, ValidateOptions } from './scope.ts'
export { validateDefinition, validateText } from './validate-definition.ts'
