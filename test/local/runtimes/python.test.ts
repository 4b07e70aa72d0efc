import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import { packTar } from 'modern-tar'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { scriptArguments, splitHyperparameters } from '../../../local/runtimes/python/hyperparameters.ts'
import {
  bucket,
  type LocalEngine,
  openLocalEngine,
  processing,
  processingInput,
  training,
} from '../../support/local-engine.ts'

const hasPython = spawnSync('python3', ['--version']).status === 0
if (!hasPython) console.warn('test/local/runtimes/python: skipped, there is no python3 on PATH')

const image = 'sagemaker-scikit-learn'
const registry = '683313688378.dkr.ecr.us-east-1.amazonaws.com'

const script = `import argparse, json, os, sys
import helper
parser = argparse.ArgumentParser()
parser.add_argument('--epochs', type=int)
parser.add_argument('--learning-rate', type=float)
parser.add_argument('-k')
parser.add_argument('--model-dir', default=os.environ['SM_MODEL_DIR'])
parser.add_argument('--train', default=os.environ['SM_CHANNEL_TRAIN'])
args = parser.parse_args()
print('argv', json.dumps(sys.argv))
print('environment', json.dumps({k: v for k, v in os.environ.items() if k.startswith(('SM_', 'FOLDWISE_SECRET', 'PYTHONPATH'))}))
if args.epochs == 13:
    helper.fail()
records = sum(1 for name in os.listdir(args.train) for _ in open(os.path.join(args.train, name)))
print('records=%d;' % records)
open(os.path.join(args.model_dir, 'model.txt'), 'w').write(str(args.epochs * records))
`
const helper = `def fail():
    raise ValueError('thirteen epochs are unlucky')
`

const makeWheel = `import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as wheel:
    wheel.writestr('tiny_package.py', 'word = "hello"')
    about = 'tiny_package-1.0.dist-info/'
    wheel.writestr(about + 'METADATA', 'Metadata-Version: 2.1\\nName: tiny-package\\nVersion: 1.0\\n')
    wheel.writestr(about + 'WHEEL', 'Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
    wheel.writestr(about + 'RECORD', 'tiny_package.py,,\\n' + about + 'METADATA,,\\n' + about + 'WHEEL,,\\n' + about + 'RECORD,,\\n')
`

let local: LocalEngine
beforeAll(async () => {
  local = await openLocalEngine()
  await local.put('train/a.csv', '1\n2\n3\n')
  await putCode('sourcedir.tar.gz', { 'train.py': script, 'helper.py': helper })
})
afterAll(() => local.close())

async function putCode(key: string, files: Readonly<Record<string, string>>): Promise<void> {
  const entries = Object.entries(files).map(([name, body]) => ({
    header: { name, size: Buffer.byteLength(body), type: 'file' as const },
    body,
  }))
  const archive = Readable.from([await packTar(entries)]).pipe(createGzip())
  await local.store.put(bucket, key, archive)
}

/** A training in script mode, as the Python SDK writes its request: hyperparameters are JSON texts. */
function scriptTraining(name: string, hyperparameters: Readonly<Record<string, string>>, repository = image): object {
  const step = training(name, 'none', {
    hyperparameters: {
      sagemaker_program: '"train.py"',
      sagemaker_submit_directory: `"s3://${bucket}/sourcedir.tar.gz"`,
      sagemaker_container_log_level: '20',
      ...hyperparameters,
    },
    channels: { train: { S3Uri: `s3://${bucket}/train/` } },
    metrics: [{ Name: 'records', Regex: 'records=([0-9]+);' }],
    algorithm: { TrainingImage: `${registry}/${repository}:1.2-1-cpu-py3` },
  }) as { Arguments: { AlgorithmSpecification: { ContainerEntrypoint?: unknown } } }
  delete step.Arguments.AlgorithmSpecification.ContainerEntrypoint
  return step
}

async function run(step: object) {
  const name = (step as { Name: string }).Name
  const { steps } = await local.run([step])
  const arn = steps[name]?.['Metadata']?.TrainingJob?.Arn as string
  const job = await local.call('DescribeTrainingJob', { TrainingJobName: arn.split('/').at(-1) })
  const log = readFileSync(join(local.folder, 'jobs', arn.split('/').at(-1) as string, 'log.txt'), 'utf8')
  return { row: steps[name], job, log }
}

describe.skipIf(!hasPython)('5.2 script mode with this machine’s python3', () => {
  test('the script gets sorted arguments and the toolkit’s environment, and its model and metrics count', async () => {
    process.env['FOLDWISE_SECRET'] = 'x'
    const { job, log } = await run(scriptTraining('Train', { epochs: '4', 'learning-rate': '0.10', k: '"v"' }))
    expect(job['TrainingJobStatus'], log).toBe('Completed')
    expect(job['FinalMetricDataList']).toMatchObject([{ MetricName: 'records', Value: 3 }])
    const lines = new Map(log.split('\n').map(line => [line.split(' ')[0], line.slice(line.indexOf(' ') + 1)]))
    expect(JSON.parse(lines.get('argv') ?? '')).toEqual([
      'train.py',
      '--epochs',
      '4',
      '-k',
      'v',
      '--learning-rate',
      '0.10',
    ])
    const environment = JSON.parse(lines.get('environment') ?? '') as Record<string, string>
    const ml = join(local.folder, 'jobs', job['TrainingJobName'] as string, 'ml')
    expect(environment).toMatchObject({
      SM_HPS: '{"epochs":4,"k":"v","learning-rate":0.1}',
      SM_HP_EPOCHS: '4',
      'SM_HP_LEARNING-RATE': '0.10',
      SM_CHANNELS: '["train"]',
      SM_CHANNEL_TRAIN: join(ml, 'input/data/train'),
      SM_MODEL_DIR: join(ml, 'model'),
      SM_OUTPUT_DATA_DIR: join(ml, 'output/data'),
      SM_HOSTS: '["algo-1"]',
      SM_CURRENT_HOST: 'algo-1',
      SM_USER_ENTRY_POINT: 'train.py',
      SM_MODULE_NAME: 'train',
      SM_MODULE_DIR: `s3://${bucket}/sourcedir.tar.gz`,
      SM_USER_ARGS: '["--epochs","4","-k","v","--learning-rate","0.10"]',
      SM_NUM_GPUS: '0',
    })
    expect(environment['FOLDWISE_SECRET']).toBeUndefined()
    expect(await local.keys(`models/Train/`)).toHaveLength(1)
  })

  test('a stack trace names the script’s own files and lines', async () => {
    const { job, log } = await run(scriptTraining('Unlucky', { epochs: '13' }))
    expect(job['TrainingJobStatus']).toBe('Failed')
    expect(log).toMatch(/File ".*\/code\/train\.py", line 13/)
    expect(log).toMatch(/File ".*\/code\/helper\.py", line 2, in fail/)
    expect(log).toContain('ValueError: thirteen epochs are unlucky')
    expect(log).not.toContain('runtimes')
  })

  test.each(['pytorch-training', 'sagemaker-xgboost', 'tensorflow-training', 'huggingface-pytorch-training'])(
    'the image %s runs its script',
    async repository => {
      const { job, log } = await run(scriptTraining('Framework', { epochs: '1' }, repository))
      expect(job['TrainingJobStatus'], log).toBe('Completed')
    },
  )

  test('requirements of nothing but comments need no environment, and what cannot be installed leaves none behind', async () => {
    const environments = () => {
      try {
        return readdirSync(join(local.folder, 'caches', 'python'))
      } catch {
        return []
      }
    }
    await putCode('comments.tar.gz', { 'train.py': 'print("ok")', 'requirements.txt': '# none\n\n' })
    const plain = await run(scriptTraining('Plain', { sagemaker_submit_directory: `"s3://${bucket}/comments.tar.gz"` }))
    expect(plain.job['TrainingJobStatus'], plain.log).toBe('Completed')
    expect(environments()).toEqual([])
    await putCode('bad.tar.gz', { 'train.py': 'print("ok")', 'requirements.txt': '/nonexistent/package\n' })
    const { steps } = await local.run([
      scriptTraining('Bad', { sagemaker_submit_directory: `"s3://${bucket}/bad.tar.gz"` }),
    ])
    expect(steps['Bad']?.['FailureReason']).toMatch(
      /requirements\.txt of the script cannot be installed: ERROR: .*nonexistent/,
    )
    expect(environments()).toEqual([])
  }, 120_000)

  test('packages of requirements.txt are installed once for all trainings that ask for the same', async () => {
    const wheel = join(local.folder, 'tiny_package-1.0-py3-none-any.whl')
    const made = spawnSync('python3', ['-c', makeWheel, wheel], { encoding: 'utf8' })
    expect(made.stderr).toBe('')
    await putCode('wheel.tar.gz', {
      'train.py': 'import sys, tiny_package\nprint("says", tiny_package.word, sys.prefix)',
      'requirements.txt': `--no-index\n${wheel}\n`,
    })
    const code = { sagemaker_submit_directory: `"s3://${bucket}/wheel.tar.gz"` }
    const { steps } = await local.run([scriptTraining('One', code), scriptTraining('Two', code)])
    expect([steps['One']?.['FailureReason'], steps['Two']?.['FailureReason']]).toEqual([undefined, undefined])
    expect(readdirSync(join(local.folder, 'caches', 'python'))).toHaveLength(1)
    rmSync(wheel)
    const { log } = await run(scriptTraining('Three', code))
    expect(log).toContain(`says hello ${join(local.folder, 'caches', 'python')}`)
  }, 120_000)

  test.each([
    ['no script', { sagemaker_program: '""' }, /sagemaker_program is ""/],
    ['a script that is not in the archive', { sagemaker_program: '"other.py"' }, /has no such file/],
    ['a script outside of the archive', { sagemaker_program: '"../../x.py"' }, /inside of sagemaker_submit_directory/],
    ['code that is not there', { sagemaker_submit_directory: `"s3://${bucket}/no.tar.gz"` }, /there is no such object/],
    ['code that is no archive', { sagemaker_submit_directory: `"s3://${bucket}/train/a.csv"` }, /cannot be unpacked/],
  ])('%s fails the job with one sentence', async (_, hyperparameters, sentence) => {
    const { steps } = await local.run([scriptTraining('Wrong', hyperparameters)])
    expect(steps['Wrong']?.['StepStatus']).toBe('Failed')
    expect(steps['Wrong']?.['FailureReason']).toMatch(sentence)
  })

  test('an archive whose entry leaves the folder is refused, and nothing is written outside', async () => {
    await putCode('evil.tar.gz', { '../../../escaped.py': 'x', 'train.py': 'print("ok")' })
    await local.run([scriptTraining('Evil', { sagemaker_submit_directory: `"s3://${bucket}/evil.tar.gz"` })])
    expect(readdirSync(join(local.folder, 'jobs')).filter(name => name.startsWith('escaped'))).toEqual([])
    expect(readdirSync(local.folder).filter(name => name.startsWith('escaped'))).toEqual([])
  })

  test('a processing script runs by its entrypoint ["python3", …] with its paths moved', async () => {
    await local.put('code/script.py', 'import sys, os\nprint("in", os.listdir(sys.argv[1]))\n')
    const step = processing('Script', 'none', {
      arguments: ['/opt/ml/processing/input/code'],
      inputs: [processingInput('code', `s3://${bucket}/code/`)],
    }) as { Arguments: { AppSpecification: object } }
    Object.assign(step.Arguments.AppSpecification, {
      ImageUri: `${registry}/sagemaker-scikit-learn:1.2-1-cpu-py3`,
      ContainerEntrypoint: ['python3', '/opt/ml/processing/input/code/script.py'],
    })
    const { steps } = await local.run([step])
    expect(steps['Script']).toMatchObject({ StepStatus: 'Succeeded' })
  })

  test('the built-in XGBoost algorithm trains with the package, or says in one sentence that it is not installed', async () => {
    const hasPackage = spawnSync('python3', ['-c', 'import xgboost']).status === 0
    const step = training('Trees', 'none', {
      hyperparameters: { num_round: '3', objective: 'reg:squarederror' },
      channels: { train: { S3Uri: `s3://${bucket}/trees/` } },
      algorithm: { TrainingImage: `${registry}/sagemaker-xgboost:1.7-1` },
    }) as { Arguments: { AlgorithmSpecification: object; InputDataConfig: object[] } }
    Reflect.deleteProperty(step.Arguments.AlgorithmSpecification, 'ContainerEntrypoint')
    Object.assign(step.Arguments.InputDataConfig[0] as object, { ContentType: 'text/csv' })
    await local.put('trees/a.csv', '1,2\n2,3\n3,4\n')
    const { steps } = await local.run([step])
    if (hasPackage) expect(steps['Trees']?.['StepStatus']).toBe('Succeeded')
    else
      expect(steps['Trees']?.['FailureReason']).toContain('The Python package xgboost is not installed on this machine')
  })
})

test('without Python on PATH the job fails with one sentence', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'foldwise-path-'))
  const path = process.env['PATH']
  try {
    mkdirSync(join(empty, 'bin'))
    writeFileSync(join(empty, 'bin', 'readme'), '')
    process.env['PATH'] = join(empty, 'bin')
    const { steps } = await local.run([scriptTraining('None', {})])
    expect(steps['None']?.['FailureReason']).toContain('There is no Python 3 on PATH')
  } finally {
    process.env['PATH'] = path
    rmSync(empty, { recursive: true, force: true })
  }
})

test('arguments are written as Python’s str writes the decoded values', () => {
  const { script, platform } = splitHyperparameters({
    b: 'true',
    list: '["a", 1, null]',
    rate: '1e-3',
    text: 'plain',
    sagemaker_program: '"t.py"',
    _tuning_objective_metric: 'x',
  })
  expect(scriptArguments(script)).toEqual([
    '-b',
    'True',
    '--list',
    "['a', 1, None]",
    '--rate',
    '1e-3',
    '--text',
    'plain',
  ])
  expect([...platform]).toEqual([
    ['_tuning_objective_metric', 'x'],
    ['sagemaker_program', 't.py'],
  ])
})
