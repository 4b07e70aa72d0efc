import { MAX_DEFINITION_CHARACTERS } from '../../schemas/definition.ts'
import type { Problem } from '../../schemas/problem.ts'
import { graphOf, isTooDeep, MAX_DEPTH } from '../definition/index.ts'
import { applyAllowances } from './allowances.ts'
import { floatSpelling } from './float-spelling.ts'
import { locateSyntaxError } from './json-text.ts'
import { readDocument } from './read-document.ts'
import { createReporter, type Reporter } from './reporter.ts'
import { pipelineFacts } from './rules/document.ts'
import { applyRules } from './rules/index.ts'
import type { ValidateOptions } from './options.ts'
import type { ParameterView, Scope, StepView } from './scope.ts'

/**
 * Judges a pipeline definition, whoever made it: everything that is wrong or doubtful, sorted by place.
 *
 * Takes any JSON value and never throws on one. No network, no AWS: the service model is part of Foldwise.
 */
export function validateDefinition(document: unknown, options: ValidateOptions = {}): Problem[] {
  const reporter = createReporter(options.origins)
  judge(document, options, reporter)
  return applyAllowances(reporter.problems(), options.allow ?? [])
}

/** Above this many bytes a definition is uploaded to S3 instead of being sent with the call (rule of the SageMaker Python SDK). */
const INLINE_BYTES = 100 * 1024

/** Judges the text of a definition: what is no JSON at the character where it breaks, and everything else as {@link validateDefinition}. */
export function validateText(text: string, options: ValidateOptions = {}): Problem[] {
  const reporter = createReporter(options.origins)
  const { report } = reporter
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    judgeSize(text, reporter)
    report('FW1001', '', locateSyntaxError(text, error))
    return applyAllowances(reporter.problems(), options.allow ?? [])
  }
  judge(document, { ...options, text }, reporter)
  floatSpelling(text, report)
  return applyAllowances(reporter.problems(), options.allow ?? [])
}

function judgeSize(text: string, { report }: Reporter): void {
  if (text.length > MAX_DEFINITION_CHARACTERS) {
    report(
      'FW1002',
      '',
      `${text.length} characters; the service takes at most ${MAX_DEFINITION_CHARACTERS}. Write it without indentation, or let one step do the work of several.`,
    )
  } else if (Buffer.byteLength(text) >= INLINE_BYTES) {
    report(
      'FW1003',
      '',
      `${Buffer.byteLength(text)} bytes; from ${INLINE_BYTES} on it is sent through S3, so the upsert needs a bucket.`,
    )
  }
}

function judge(document: unknown, options: ValidateOptions, reporter: Reporter): void {
  if (options.text !== undefined) judgeSize(options.text, reporter)
  if (isTooDeep(document)) {
    reporter.report(
      'FW1028',
      '',
      `nested deeper than ${MAX_DEPTH} levels, which no definition needs. Nothing else was judged: look for a list or object that was put into itself.`,
    )
    return
  }
  const { document: top, parameters, steps } = readDocument(document, reporter)
  const scope: Scope = {
    document: top,
    parameters: firstOf(parameters),
    steps,
    byName: firstOf(steps.filter(step => typeof step.fields['Name'] === 'string')),
    graph: graphOf(steps.map(step => step.placed)),
    options,
    report: reporter.report,
    suggest: reporter.suggest,
  }
  if (options.pipeline !== undefined) pipelineFacts(options.pipeline, reporter.report)
  applyRules(scope)
}

function firstOf<T extends ParameterView | StepView>(views: readonly T[]): ReadonlyMap<string, T> {
  const map = new Map<string, T>()
  for (const view of views) if (!map.has(view.name)) map.set(view.name, view)
  return map
}
