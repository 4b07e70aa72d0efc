import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { findSpark } from '../../local/jobs/spark/find-spark.ts'
import { startGoldens } from './run-golden.ts'

const folder = 'test/fixtures/goldens'
const groups = ['v2', 'fieldnotes']

let goldens: Awaited<ReturnType<typeof startGoldens>>
beforeAll(async () => {
  // What a machine happens to have must not decide: Spark has tests of its own.
  vi.stubEnv('SPARK_HOME', undefined)
  vi.stubEnv(
    'PATH',
    (process.env['PATH'] ?? '')
      .split(':')
      .filter(part => !existsSync(join(part, 'spark-submit')))
      .join(':'),
  )
  goldens = await startGoldens()
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await goldens.close()
})

const succeeded = 'Succeeded'
const k5 = Object.fromEntries(Array.from({ length: 5 }, (_, i) => [`TrainFold${i}`, succeeded]))
const kFold = {
  SplitKFold: succeeded,
  ...k5,
  AggregateFolds: succeeded,
  TrainFinal: succeeded,
  'Register-RegisterModel': succeeded,
}
const fieldNotes = {
  PreprocessStep: succeeded,
  HyperParameterTuningStep: succeeded,
  ModelEvaluationStep: succeeded,
  ModelSelectionStep: succeeded,
}

/** Definitions that run to Succeeded, with the steps that did. */
const runs: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'v2/a-kfold5-artifacts': kFold,
  'v2/a-kfold5-metrics': kFold,
  'v2/c04_automl': { AutoML: succeeded, 'Reg-RegisterModel': succeeded },
  'v2/c05_transform': { BT: succeeded },
  'v2/c06_model_create': { 'Create-CreateModel': succeeded, 'CreateRepack-RepackModel-PT': succeeded, BT: succeeded },
  'v2/c07_model_register': {
    'Full-RegisterModel': succeeded,
    'Repacked-RegisterModel': succeeded,
    'Serial-RegisterModel': succeeded,
  },
  'v2/c09_condition': { Eval: succeeded, Outer: succeeded, After: succeeded },
  'v2/c19_monitor_batch_transform': { 'MBT-monitoring': succeeded, 'MBT-transform': succeeded },
  'v2/c21_bedrock': { CM: succeeded, CMD: succeeded, MI: succeeded, PT: succeeded },
  'v2/c25_custom_job_prefix_no_experiment': { P: succeeded, T: succeeded },
  'fieldnotes/b1-verbatim-sdk-2.59.1-py311': { ...fieldNotes, RegisterModelStep: succeeded },
  'fieldnotes/b1-verbatim-sdk-2.59.1-py37str': { ...fieldNotes, RegisterModelStep: succeeded },
  'fieldnotes/b2-modern-sdk-2.257.6-registermodel': { ...fieldNotes, 'RegisterModelStep-RegisterModel': succeeded },
}

/** Definitions that end in a Fail step of their own, which reads what the others gave: step, message. */
const endInFail: Readonly<Record<string, readonly [step: string, message: RegExp]>> = {
  'v2/c10_lambda': ['F', /^s 1$/],
  'v2/c11_callback': ['F', /^1$/],
  'v2/c16_notebook_job': ['F', /^nbjob-.*,Completed,s3:\/\/my-bucket\/root\/NotebookAll\/NB\/input/],
  'v2/c20_endpoint': ['F', /inference-component\/ic$/],
  'v2/c22_lineage': ['F', /^x$/],
  'v2/c23_parameters_functions': ['F', /\|2\.5\|true\|lit\|s\|1\|nested-0\.5\|myexp\|/],
}

/** Definitions with a step that says in one sentence why it does not run here. */
const refusals: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  'v2/c01_processing': { Generic: /S3InputMode Pipe of in is not run locally yet/ },
  'v2/c02_training': { Generic: /Channel fsx has no S3DataSource — only S3 data can be read locally/ },
  'v2/c03_tuning': { Tune: /The parent tuning job parent-job does not exist/ },
  'v2/c08_estimator_transformer': {
    ETTransformStep: /Value at 'TransformOutput\.S3OutputPath' failed to satisfy constraint/,
  },
  'v2/c13_quality_check': {
    DataQ: /record_preprocessor_script and a post_analytics_processor_script — such scripts are not run locally/,
    ModelQ: /No previous baseline is available for MODEL_QUALITY/,
  },
  'v2/c14_emr': { Existing: /There is no spark-submit on PATH or in SPARK_HOME/ },
  'v2/c18_function_step': { cond: /results\.json from S3: there is no such object/ },
}

/** Definitions that the service refuses, too: a step depends on a Fail step. */
const refusedAtCreate: Readonly<Record<string, RegExp>> = {
  'v2/c17_fail': /Msg can not depends on Plain/,
  'v2/c24_depends_on': /B can not depends on A/,
}

/** Its Fail step and a check without a baseline run at the same time: whichever ends first keeps the other from starting. */
const race = 'v2/c12_clarify_check'

const values = { Skip: 'true', S: 's', I: '1', B: 'true', ImageURI: '111122223333.dkr.ecr.us-west-2.amazonaws.com/x:1' }
const run = (name: string) => goldens.run(name, JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')), values)

it('every definition of the Python SDK is in one of the lists', () => {
  const files = groups.flatMap(group =>
    readdirSync(join(folder, group)).map(file => `${group}/${file.replace('.json', '')}`),
  )
  const listed = [runs, endInFail, refusals, refusedAtCreate].flatMap(list => Object.keys(list))
  expect([...listed, race].toSorted()).toEqual(files.toSorted())
  expect(findSpark()).toBeUndefined()
})

it.each(Object.entries(runs))('%s runs as it is', { timeout: 120_000 }, async (name, steps) => {
  const end = await run(name)
  expect(end, JSON.stringify(end.reasons)).toMatchObject({ status: 'Succeeded', steps })
})

it.each(Object.entries(endInFail))(
  '%s runs to its own Fail step',
  { timeout: 120_000 },
  async (name, [step, message]) => {
    const end = await run(name)
    expect(end.reasons[step], JSON.stringify(end)).toMatch(message)
    const others = Object.entries(end.steps).filter(([other]) => end.reasons[other] === undefined)
    for (const [other, status] of others) expect(status, other).toBe('Succeeded')
  },
)

it.each(Object.entries(refusals))('%s fails with one sentence', { timeout: 120_000 }, async (name, reasons) => {
  const end = await run(name)
  expect(end.status).toBe('Failed')
  for (const [step, reason] of Object.entries(reasons)) expect(end.reasons[step] ?? JSON.stringify(end)).toMatch(reason)
})

it.each(Object.entries(refusedAtCreate))('%s is refused as the service refuses it', async (name, text) => {
  await expect(run(name)).rejects.toThrow(text)
})

it(`${race} runs its bias checks, then its Fail step or the sentence that a baseline is missing`, async () => {
  const end = await run(race)
  expect(end).toMatchObject({ status: 'Failed', steps: { DataBias: 'Succeeded', ModelBias: 'Succeeded' } })
  const expected = {
    F: /^s3:\/\/my-bucket\/clarify\/analysis\.json,s3:\/\/my-bucket\/clarify\/analysis\.json$/,
    Explain: /No previous baseline is available for MODEL_EXPLAINABILITY/,
  }
  expect(Object.keys(end.reasons).length).toBeGreaterThan(0)
  for (const [step, reason] of Object.entries(end.reasons)) expect(reason).toMatch(expected[step as 'F' | 'Explain'])
})
