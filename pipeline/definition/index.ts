export { formatPlace, joinPath, type Place, placeOf } from '../../schemas/place.ts'
export { cacheKeyMembers } from './cache-key.ts'
export { isTooDeep, MAX_DEPTH } from './depth.ts'
export {
  type Change,
  type DefinitionDifference,
  diffDefinitions,
  diffValues,
  isEmptyDifference,
  type ParameterDifference,
  type StepDifference,
} from './diff.ts'
export {
  forEachExpression,
  formatSegment,
  formatSegments,
  isExpression,
  isGet,
  isJoin,
  isJsonGet,
  type PathSegment,
  type PlacedExpression,
  parseGetPath,
  type Reference,
} from './expressions.ts'
export { buildGraph, type Edge, type EdgeReason, type Graph, graphOf, topologicalOrder } from './graph.ts'
export { type ParsedParameter, parseParameterValue } from './parameters.ts'
export { definitionHash, renderDefinition } from './render.ts'
export { type StepKind, stepKind, stepKinds } from './step-kinds.ts'
export {
  type Branch,
  expressionsOf,
  noteExpressions,
  ownFields,
  type PlacedStep,
  placedSteps,
  placeStep,
} from './walk.ts'
