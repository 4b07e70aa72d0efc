import { mkdirSync, writeFileSync } from 'node:fs'
import { appendFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import * as z from 'zod'
import type { StepOf } from '../../../schemas/definition.ts'
import { evaluate } from '../../engine/evaluate.ts'
import { arnOf } from '../../engine/names.ts'
import { insideFolder } from '../inside-folder.ts'
import { failedStep, refusedStep } from '../job-end.ts'
import type { AttemptResult, JobRunner, StepRun } from '../job-runner.ts'
import { placeOf, type ProcessingRequest, runProcessingJob } from '../processing.ts'
import { readRequest } from '../request.ts'
import { joinS3Uri, parseS3Uri } from '../s3-uri.ts'
import type { Sandbox } from '../sandbox.ts'
import { readAll } from '../stage-data.ts'
import { ClientFault, CreateRefused } from '../step-fault.ts'

type CheckStep = StepOf<'QualityCheck'> | StepOf<'ClarifyCheck'>

/** What an analysis works on. */
export interface CheckInput {
  readonly run: StepRun
  readonly request: ProcessingRequest
  /** The folder of an input by its name. @throws ClientFault when the job has no such input */
  readonly input: (name: string) => string
  /** ModelName of the step. */
  readonly modelName: string | undefined
}

/** What an analysis found. */
export interface CheckOutcome {
  /** Content by file name below the output; texts are written as they are, anything else as JSON. */
  readonly files: Readonly<Record<string, unknown>>
  /** What does not hold a baseline, in the form of `constraint_violations.json`. */
  readonly compare: (baseline: { readonly constraints: unknown; readonly statistics: unknown }) => readonly object[]
}

/** A check type. */
export interface Check {
  /** Where DriftCheckBaselines of a model package keep its baseline. */
  readonly registered: { readonly constraints: readonly string[]; readonly statistics?: readonly string[] }
  readonly analyse: (input: CheckInput) => Promise<CheckOutcome>
}

/** What tells the two step types apart. */
export interface CheckKind {
  readonly type: CheckStep['Type']
  readonly checks: Readonly<Record<string, Check>>
  /** Files that are the baseline. */
  readonly constraintsFile: string
  readonly statisticsFile?: string
  /** Member beside `version` and `violations`. */
  readonly violationsVersion?: string
}

const fieldsSchema = z.object({
  SkipCheck: z.boolean().nullish(),
  FailOnViolation: z.boolean().nullish(),
  RegisterNewBaseline: z.boolean().nullish(),
  ModelPackageGroupName: z.string().nullish(),
  SuppliedBaselineConstraints: z.string().nullish(),
  SuppliedBaselineStatistics: z.string().nullish(),
  ModelName: z.string().nullish(),
})

type Fields = z.infer<typeof fieldsSchema>

interface Baseline {
  readonly constraints: string
  readonly statistics?: string
}

const violationsFile = 'constraint_violations.json'

/**
 * A check step: a processing job whose analysis is done by Foldwise, and the comparison with a baseline.
 * Source: Developer Guide, "Baseline calculation, drift detection and lifecycle with ClarifyCheck and QualityCheck steps".
 */
export function checkRunner<S extends CheckStep>(kind: CheckKind): JobRunner<S> {
  return { takesJobSlot: true, evaluatesArguments: true, run: run => runCheck(run, kind) }
}

async function runCheck(run: StepRun, kind: CheckKind): Promise<AttemptResult> {
  const step = run.step as CheckStep
  let prepared: { check: Check; fields: Fields; before: Baseline | undefined }
  try {
    prepared = await prepare(run, step, kind)
  } catch (error) {
    if (error instanceof CreateRefused) return refusedStep(run, 'CreateProcessingJob', error)
    if (error instanceof ClientFault) return failedStep(error.message, {})
    throw error
  }
  const { check, fields, before } = prepared
  const skipCheck = fields.SkipCheck === true
  let found: readonly object[] = []
  let uri = ''
  const facts = (more: object): Record<string, unknown> => ({
    [kind.type]: {
      CheckType: step.CheckType,
      ...(fields.ModelPackageGroupName && { ModelPackageGroupName: fields.ModelPackageGroupName }),
      CheckJobArn: arnOf(run.execution.region, 'processing-job', run.jobName),
      SkipCheck: skipCheck,
      RegisterNewBaseline: fields.RegisterNewBaseline === true,
      ...more,
    },
  })
  const end = await runProcessingJob(
    { ...run, executing: () => run.executing(facts({})) },
    async (sandboxes, request) => {
      const [sandbox] = sandboxes
      const output = request.ProcessingOutputConfig?.Outputs[0]?.S3Output
      if (sandbox === undefined || output?.LocalPath === undefined)
        throw new ClientFault(
          `The check has no output — its files need one — give ProcessingOutputConfig an S3Output with LocalPath.`,
        )
      uri = output.S3Uri
      const outcome = await check.analyse(inputOf(run, request, sandbox, fields))
      if (!skipCheck && before !== undefined) found = await compare(run, outcome, before)
      const violations = { ...(kind.violationsVersion && { version: kind.violationsVersion }), violations: found }
      writeFiles(placeOf(sandbox, output.LocalPath), {
        ...outcome.files,
        ...(found.length > 0 && { [violationsFile]: violations }),
      })
      await note(run, Object.keys(outcome.files), found, before)
      return run.signal.aborted ? { why: 'stopped' } : { why: 'exited', code: 0 }
    },
  )
  if (end.status !== 'Succeeded') return { ...end, metadata: Object.keys(end.metadata).length === 0 ? {} : facts({}) }
  const properties = propertiesOf(kind, uri, fields, before)
  const report = found.length > 0 ? { ViolationReport: joinS3Uri(uri, violationsFile) } : {}
  const metadata = facts({ ...properties, ...report })
  if (found.length > 0 && fields.FailOnViolation !== false)
    return failedStep(
      `${found.length} ${found.length === 1 ? 'violation' : 'violations'} of the baseline's constraints detected, see ${joinS3Uri(uri, violationsFile)}`,
      metadata,
    )
  return { status: 'Succeeded', metadata, properties }
}

async function prepare(
  run: StepRun,
  step: CheckStep,
  kind: CheckKind,
): Promise<{ check: Check; fields: Fields; before: Baseline | undefined }> {
  const check = Object.hasOwn(kind.checks, step.CheckType) ? kind.checks[step.CheckType] : undefined
  if (check === undefined)
    throw new CreateRefused(
      `1 validation error detected: Value '${step.CheckType}' at 'CheckType' failed to satisfy constraint: Member must satisfy enum value set: [${Object.keys(kind.checks).join(', ')}]`,
    )
  const names = Object.keys(fieldsSchema.shape)
  const given = Object.fromEntries(Object.entries(step).filter(([name]) => names.includes(name)))
  const fields = readRequest(fieldsSchema, await evaluate(given, run.scope))
  const before = findBaseline(run, check, kind, fields)
  if (before === undefined && (fields.SkipCheck !== true || fields.RegisterNewBaseline !== true))
    throw new ClientFault(
      `No previous baseline is available for ${step.CheckType} — SkipCheck or RegisterNewBaseline is false — supply one, approve a model package of the group that has DriftCheckBaselines, or set both to true for the first run.`,
    )
  return { check, fields, before }
}

/** The supplied baseline, else that of the group's newest approved version. */
function findBaseline(run: StepRun, check: Check, kind: CheckKind, fields: Fields): Baseline | undefined {
  const { SuppliedBaselineConstraints: constraints, SuppliedBaselineStatistics: statistics } = fields
  if (constraints) return { constraints, ...(statistics && { statistics }) }
  if (!fields.ModelPackageGroupName) return undefined
  const approved = run.world.registry
    .packages(fields.ModelPackageGroupName)
    .filter(version => version['ModelApprovalStatus'] === 'Approved')
    .toSorted((a, b) => Number(b['ModelPackageVersion']) - Number(a['ModelPackageVersion']))
  const baselines = approved[0]?.['DriftCheckBaselines']
  const uriAt = (path: readonly string[] | undefined): string | undefined => {
    const source = path?.reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], baselines)
    return (source as { S3Uri?: string } | undefined)?.S3Uri
  }
  const [registered, counts] = [uriAt(check.registered.constraints), uriAt(check.registered.statistics)]
  if (registered === undefined) return undefined
  return {
    constraints: registered,
    ...(kind.statisticsFile !== undefined && counts !== undefined && { statistics: counts }),
  }
}

function inputOf(run: StepRun, request: ProcessingRequest, sandbox: Sandbox, fields: Fields): CheckInput {
  return {
    run,
    request,
    modelName: fields.ModelName ?? undefined,
    input: name => {
      const found = request.ProcessingInputs?.find(({ InputName }) => InputName === name)?.S3Input
      if (found === undefined)
        throw new ClientFault(`The check has no input ${name} — its analysis reads it — add it to ProcessingInputs.`)
      return placeOf(sandbox, found.LocalPath ?? `/opt/ml/processing/input/${name}`)
    },
  }
}

async function compare(run: StepRun, outcome: CheckOutcome, before: Baseline): Promise<readonly object[]> {
  const constraints = await readBaseline(run, before.constraints)
  const statistics = before.statistics === undefined ? undefined : await readBaseline(run, before.statistics)
  try {
    return outcome.compare({ constraints, statistics })
  } catch (error) {
    // A file of another check, or one that was written by hand.
    if (error instanceof TypeError)
      throw new ClientFault(
        `The baseline ${[before.constraints, before.statistics].filter(Boolean).join(' and ')} is not of the form that this check writes — supply one of the same check.`,
      )
    throw error
  }
}

async function readBaseline(run: StepRun, uri: string): Promise<unknown> {
  const place = parseS3Uri(uri)
  const object = place === undefined ? undefined : await run.world.store.get(place.bucket, place.key)
  if (object === undefined)
    throw new ClientFault(`The baseline ${uri} does not exist — the check compares with it — supply one that does.`)
  try {
    return JSON.parse(await readAll(object.body)) as unknown
  } catch {
    throw new ClientFault(`The baseline ${uri} is not JSON — supply the file that a check wrote.`)
  }
}

function writeFiles(folder: string, files: Readonly<Record<string, unknown>>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = insideFolder(folder, name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`)
  }
}

/** The job's log says who computed what. */
async function note(
  run: StepRun,
  files: readonly string[],
  found: readonly object[],
  before: Baseline | undefined,
): Promise<void> {
  const against = before === undefined ? 'no baseline' : `the baseline ${before.constraints}`
  await appendFile(
    join(run.world.jobs.folder(run.jobName), 'log.txt'),
    `Foldwise computed ${files.join(', ')}; the image was not run. Compared with ${against}: ${found.length} violations.\n${found.map(one => `${JSON.stringify(one)}\n`).join('')}`,
  )
}

function propertiesOf(
  kind: CheckKind,
  uri: string,
  fields: Fields,
  before: Baseline | undefined,
): Record<string, string> {
  const calculated: Baseline = {
    constraints: joinS3Uri(uri, kind.constraintsFile),
    ...(kind.statisticsFile !== undefined && { statistics: joinS3Uri(uri, kind.statisticsFile) }),
  }
  const used = fields.RegisterNewBaseline === true ? calculated : before
  return {
    CalculatedBaselineConstraints: calculated.constraints,
    ...(calculated.statistics !== undefined && { CalculatedBaselineStatistics: calculated.statistics }),
    ...(used !== undefined && { BaselineUsedForDriftCheckConstraints: used.constraints }),
    ...(used?.statistics !== undefined && { BaselineUsedForDriftCheckStatistics: used.statistics }),
  }
}
