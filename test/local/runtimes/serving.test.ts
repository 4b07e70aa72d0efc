import { spawnSync } from 'node:child_process'
import { Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import { packTar } from 'modern-tar'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bucket, type LocalEngine, openLocalEngine } from '../../support/local-engine.ts'

const hasPython = spawnSync('python3', ['--version']).status === 0
if (!hasPython) console.warn('test/local/runtimes/serving: skipped, there is no python3 on PATH')
const image = '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3'

let local: LocalEngine
beforeAll(async () => {
  local = await openLocalEngine()
})
afterAll(() => local.close())

/** An endpoint of a model whose artifact holds these files. */
async function deploy(
  name: string,
  files: Readonly<Record<string, string>>,
  Environment: Readonly<Record<string, string>> = {},
) {
  const entries = Object.entries(files).map(([path, body]) => ({
    header: { name: path, size: Buffer.byteLength(body), type: 'file' as const },
    body,
  }))
  await local.store.put(bucket, `${name}.tar.gz`, Readable.from([await packTar(entries)]).pipe(createGzip()))
  const { steps } = await local.run([
    {
      Name: 'Model',
      Type: 'Model',
      Arguments: { PrimaryContainer: { Image: image, ModelDataUrl: `s3://${bucket}/${name}.tar.gz`, Environment } },
    },
    {
      Name: 'Config',
      Type: 'EndpointConfig',
      Arguments: {
        ProductionVariants: [
          {
            VariantName: 'A',
            ModelName: { Get: 'Steps.Model.ModelName' },
            InstanceType: 'ml.m5.large',
            InitialInstanceCount: 1,
          },
        ],
      },
    },
    {
      Name: 'Endpoint',
      Type: 'Endpoint',
      Arguments: { EndpointName: name, EndpointConfigName: { Get: 'Steps.Config.EndpointConfigName' } },
    },
  ])
  expect(steps['Endpoint']?.['StepStatus'], JSON.stringify(steps)).toBe('Succeeded')
  return async (body: string, contentType = 'text/csv', accept?: string) => {
    const answer = await local.engine.endpoints.invoke({ endpoint: name, contentType, accept, body: Buffer.from(body) })
    return [answer.body.toString(), answer.contentType]
  }
}

const modelFn = `import os
def model_fn(model_dir):
    factor = float(open(os.path.join(model_dir, 'factor')).read())
    return lambda rows: [[cell * factor for cell in row] for row in rows]
`

describe.skipIf(!hasPython)('models of framework images', () => {
  test('a script with model_fn alone serves with the toolkit’s defaults for CSV and JSON', async () => {
    const invoke = await deploy('defaults', {
      factor: '3',
      'code/inference.py': `${modelFn}
def predict_fn(data, model):
    return model([[float(cell) for cell in row] for row in data])
`,
    })
    expect(await invoke('1,2\n3,4\n')).toEqual(['[[3.0, 6.0], [9.0, 12.0]]', 'application/json'])
    expect(await invoke('[[1, 2]]', 'application/json', 'text/csv')).toEqual(['3.0,6.0\n', 'text/csv'])
    await expect(invoke('x', 'image/png')).rejects.toMatchObject({ code: 'ModelError', originalStatus: 415 })
  })

  test('input_fn, predict_fn and output_fn of the script are used, whatever SAGEMAKER_PROGRAM names', async () => {
    const invoke = await deploy(
      'functions',
      {
        factor: '2',
        'code/serve_it.py': `import helper
${modelFn}
def input_fn(body, content_type):
    assert content_type == 'text/own', content_type
    return [[float(body)]]
def predict_fn(data, model):
    return model(data)[0][0]
def output_fn(found, accept):
    return helper.framed(found), 'text/framed'
`,
        'code/helper.py': `def framed(value):
    return '<%s>' % value
`,
      },
      { SAGEMAKER_PROGRAM: 'serve_it.py' },
    )
    expect(await invoke('21', 'text/own')).toEqual(['<42.0>', 'text/framed'])
    await expect(invoke('21', 'text/csv')).rejects.toMatchObject({
      code: 'ModelError',
      originalStatus: 500,
      originalMessage: 'AssertionError: text/csv',
    })
  })

  test('transform_fn replaces the three others', async () => {
    const invoke = await deploy('transform', {
      factor: '5',
      'code/inference.py': `${modelFn}
def transform_fn(model, body, content_type, accept):
    return str(model([[float(body)]])[0][0]), accept
`,
    })
    expect(await invoke('2', 'text/csv', 'text/x')).toEqual(['10.0', 'text/x'])
  })

  test('a model without a script, and a script without model_fn, are told in one sentence', async () => {
    const none = await deploy('none', { factor: '1' })
    await expect(none('1')).rejects.toThrow('The model has no script to serve it')
    const empty = await deploy('empty', { 'code/inference.py': '' })
    await expect(empty('1')).rejects.toThrow('ended with exit code 1 before it answered GET /ping')
  })
})
