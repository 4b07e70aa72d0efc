import type { StepType } from '../../../schemas/definition.ts'
import type { DocumentRule, Scope, StepRule, StepView } from '../scope.ts'
import { argumentsAgainstModel } from './arguments.ts'
import { conditions } from './conditions.ts'
import { denyList } from './deny-list.ts'
import { documentBasics } from './document.ts'
import { expressions } from './expressions.ts'
import { cacheKey } from './cache-key.ts'
import { callback, check, emr, emrServerless, flatArguments, jobRole, lambda, lineage } from './calls.ts'
import { failMessage } from './fail.ts'
import { bodyOf, forEach } from './for-each.ts'
import { branches, dependencies, fanIn } from './graph.ts'
import { leftoverTexts } from './leftovers.ts'
import { locations, repeatedTrainings } from './locations.ts'
import { autoMl, endpointConfig, model, transform } from './models.ts'
import { cacheConfig, retryPolicies } from './options.ts'
import { parameters, secrets } from './parameters.ts'
import { otherServices } from './other-services.ts'
import { processing } from './processing.ts'
import { propertyFiles } from './property-files.ts'
import { registerModel } from './register-model.ts'
import { stepNames, stepTexts } from './steps.ts'
import { training } from './training.ts'
import { tuning } from './tuning.ts'

/** Rules about the document as a whole. */
const documentRules: readonly DocumentRule[] = [
  documentBasics,
  parameters,
  stepNames,
  dependencies,
  branches,
  fanIn,
  expressions,
  leftoverTexts,
  secrets,
  locations,
  repeatedTrainings,
]

/** Rules about every step. */
const everyStep: readonly StepRule[] = [
  stepTexts,
  cacheConfig,
  cacheKey,
  retryPolicies,
  argumentsAgainstModel,
  denyList,
  otherServices,
  jobRole,
]

/** Rules about the steps of one type; a new type does not compile until it is here. */
const byType = {
  Processing: [processing, propertyFiles],
  Training: [training],
  Transform: [transform],
  Tuning: [tuning],
  AutoML: [autoMl],
  Model: [model],
  RegisterModel: [registerModel],
  Condition: [conditions],
  Fail: [failMessage],
  ForEach: [forEach],
  Lambda: [flatArguments, lambda],
  Callback: [flatArguments, callback],
  ClarifyCheck: [processing, check],
  QualityCheck: [processing, check],
  EMR: [emr],
  EMRServerless: [emrServerless],
  EndpointConfig: [endpointConfig],
  Endpoint: [],
  InferenceComponent: [],
  Lineage: [lineage],
  BedrockCustomModel: [],
  BedrockCustomModelDeployment: [],
  BedrockModelImport: [],
  BedrockProvisionedModelThroughput: [],
  Job: [],
} satisfies Record<StepType, readonly StepRule[]>

/** Runs every rule. */
export function applyRules(scope: Scope): void {
  for (const rule of documentRules) rule(scope)
  for (const step of scope.steps) {
    applyStepRules(step, scope)
    const body = step.kind?.bodyMember === undefined ? undefined : bodyOf(step)
    if (body !== undefined) applyStepRules(body, scope)
  }
}

function applyStepRules(step: StepView, scope: Scope): void {
  for (const rule of everyStep) rule(step, scope)
  const rules: readonly StepRule[] = Object.hasOwn(byType, step.type) ? byType[step.type as StepType] : []
  for (const rule of rules) rule(step, scope)
}
