import * as z from 'zod'
import { checkShape } from '../../schemas/service-model/check-shape.ts'
import { serviceMessage } from '../../schemas/service-model/service-message.ts'
import { shapeOf } from '../../schemas/service-model/service-model.ts'
import { CreateRefused } from './step-fault.ts'

/**
 * The part of a request that the local run reads, checked.
 *
 * @throws CreateRefused with the first thing that is wrong.
 */
export function readRequest<T>(schema: z.ZodType<T>, request: unknown): T {
  const parsed = schema.safeParse(request)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new CreateRefused(
    `1 validation error detected: Value at '${issue?.path.map(String).join('.')}' failed to satisfy constraint: ${issue?.message}`,
  )
}

/** The members of a request that the Describe response has, too. */
export function sharedMembers(
  request: Readonly<Record<string, unknown>>,
  responseShape: string,
): Record<string, unknown> {
  const members = shapeOf(responseShape).members ?? {}
  return Object.fromEntries(Object.entries(request).filter(([name]) => Object.hasOwn(members, name)))
}

/** Members that several requests have. */
export const environmentSchema = z.record(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/), z.string()).nullish()

export const commandSchema = z.array(z.string().max(256)).min(1).max(100).optional()

export const maxRuntimeSchema = z.looseObject({ MaxRuntimeInSeconds: z.int().min(1).optional() }).nullish()

/** A day; source: API reference, StoppingCondition and ProcessingStoppingCondition. */
export const DEFAULT_MAX_RUNTIME_SECONDS = 86_400

/**
 * A whole request against its shape; unknown members are left to the validator.
 *
 * @throws CreateRefused in the service's words.
 */
export function checkRequest(shape: string, request: unknown): void {
  const findings = checkShape(request, shape, { nullIsAbsent: true }).filter(
    finding => finding.kind !== 'unknown' && finding.kind !== 'unknown-more',
  )
  if (findings.length > 0) throw new CreateRefused(serviceMessage(findings))
}
