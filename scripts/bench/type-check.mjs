// Checking a program of 1000 steps beside checking the SDK's types alone: whole runs of tsc on files in a temporary folder, in turn, medians.
// Usage: node scripts/bench/type-check.mjs [runs=5]
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const runs = Number(process.argv[2] ?? 5)
const root = fileURLToPath(new URL('../..', import.meta.url))
const tsc = join(root, 'node_modules/typescript/bin/tsc')
const stepCount = 1000
const stageSize = 50

/** Everything that a program of steps needs of the SDK, and nothing of Foldwise. */
const sdkAlone = `import type { CreateProcessingJobRequest, CreateTrainingJobRequest, DescribeProcessingJobResponse, DescribeTrainingJobResponse } from '@aws-sdk/client-sagemaker'
export const training: Omit<CreateTrainingJobRequest, 'TrainingJobName'> | undefined = undefined
export const processing: Omit<CreateProcessingJobRequest, 'ProcessingJobName'> | undefined = undefined
export const trained = (job: DescribeTrainingJobResponse) => job.ModelArtifacts?.S3ModelArtifacts
export const processed = (job: DescribeProcessingJobResponse) => job.ProcessingOutputConfig?.Outputs
`

const folder = mkdtempSync(join(tmpdir(), 'foldwise-types-'))
try {
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  declare()
  compare({
    'types of the SDK alone': write('sdk', { 'sdk.ts': sdkAlone }),
    [`${stepCount} steps`]: write('steps', program()),
  })
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** The declarations that a user gets from the package. */
function declare() {
  run(['-p', join(root, 'tsconfig.build.json'), '--outDir', join(folder, 'types')])
}

/** Writes a program with a configuration of its own. @returns the arguments of tsc for it */
function write(name, files) {
  mkdirSync(join(folder, name))
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, name, file), text)
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2023'],
    module: 'esnext',
    moduleResolution: 'bundler',
    types: [],
    strict: true,
    skipLibCheck: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    paths: { foldwise: ['../types/pipeline/index.d.ts'] },
  }
  const config = join(folder, name, 'tsconfig.json')
  writeFileSync(config, JSON.stringify({ compilerOptions, files: Object.keys(files) }))
  return ['-p', config]
}

/** Stages of fifty steps, the service's default limit for a pipeline, each in a file of its own as people write them. */
function program() {
  const stages = Array.from({ length: stepCount / stageSize }, (_, index) => index)
  const files = Object.fromEntries(stages.map(index => [`stage-${index}.ts`, stage(index)]))
  const imports = stages.map(index => `import { stage${index} } from './stage-${index}.ts'`)
  const calls = stages.map(index => `  stage${index}(p.Role, p.Epochs),`)
  files['pipeline.ts'] = `import { integer, pipeline, string } from 'foldwise'
${imports.join('\n')}
const parameters = { Role: string('arn:aws:iam::111122223333:role/R'), Epochs: integer(3) }
export default pipeline('Thousand', { parameters }, p => [
${calls.join('\n')}
])
`
  return files
}

/** A preparation and trainings, each with references to it and to the training before. */
function stage(index) {
  const steps = Array.from({ length: stageSize - 1 }, (_, step) => {
    const before = step === 0 ? '' : `, model: train${step - 1}.properties.ModelArtifacts.S3ModelArtifacts`
    return `  const train${step} = trainingStep('Train-${index}-${step}', {
    image: '111122223333.dkr.ecr.us-east-1.amazonaws.com/train:1',
    role,
    instance: 'ml.m5.large',
    channels: { train: data.train.S3Output.S3Uri${before} },
    hyperparameters: { epochs, eta: 0.1, index: ${step} },
    metrics: { 'validation:accuracy': 'accuracy=([0-9.]+)' },
    output: 's3://bucket-of-mine/models',
  })`
  })
  return `import { processingStep, trainingStep, type Value } from 'foldwise'
export function stage${index}(role: Value<string>, epochs: Value<number>) {
  const prepare = processingStep('Prepare-${index}', {
    image: '111122223333.dkr.ecr.us-east-1.amazonaws.com/prepare:1',
    role,
    instance: 'ml.m5.large',
    inputs: { raw: { uri: 's3://bucket-of-mine/raw/', path: '/opt/ml/processing/raw' } },
    outputs: { train: { uri: 's3://bucket-of-mine/train', path: '/opt/ml/processing/train' } },
  })
  const data = prepare.properties.ProcessingOutputConfig.Outputs
${steps.join('\n')}
  return [prepare, ${steps.map((_, step) => `train${step}`).join(', ')}]
}
`
}

function run(args) {
  const started = performance.now()
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsc, ...args], { cwd: folder, encoding: 'utf8' })
  if (status !== 0) throw new Error(`tsc ${args.join(' ')} ended with ${status}: ${stdout}${stderr}`)
  return performance.now() - started
}

function compare(cases) {
  const times = Object.fromEntries(Object.keys(cases).map(name => [name, []]))
  for (const args of Object.values(cases)) run(args)
  for (let turn = 0; turn < runs; turn++) for (const [name, args] of Object.entries(cases)) times[name].push(run(args))
  const median = values => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
  const [base] = Object.values(times)
  console.log('| tsc, whole process | median ms | against the SDK alone |\n|---|--:|--:|')
  for (const [name, values] of Object.entries(times))
    console.log(`| ${name} | ${median(values).toFixed(0)} | ${(median(values) / median(base)).toFixed(2)} |`)
  console.log('\ntarget: under 2')
}
