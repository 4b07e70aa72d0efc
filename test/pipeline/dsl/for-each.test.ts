import { describe, expect, it } from 'vitest'
import {
  type ForEachItem,
  bedrockCustomModelStep,
  failStep,
  forEachStep,
  join,
  pipeline,
  processingStep,
  reference,
  string,
  trainingStep,
} from 'foldwise'
import { buildGraph, definitionHash, diffDefinitions, renderDefinition } from '../../../pipeline/definition/index.ts'
import { renderProgram } from '../../../pipeline/import/index.ts'
import { graphFormats } from '../../../cli/graph-formats.ts'
import { type Allowance, validateDefinition } from '../../../pipeline/validate/index.ts'
import type { PipelineDefinition } from '../../../schemas/definition.ts'
import { evaluate } from '../import/evaluate.ts'
import { messageOf } from './message-of.ts'

const role = 'arn:aws:iam::111122223333:role/Role'
const job = {
  image: '111122223333.dkr.ecr.us-east-1.amazonaws.com/mine:1',
  role,
  instance: 'ml.m5.large',
  output: join`s3://bucket/models/${reference('Execution.PipelineExecutionId')}`,
} as const
const options = { parameters: { Items: string('[]') }, experimental: { forEach: true } } as const

const made = (rate = 'rate') =>
  pipeline('P', options, p => {
    const prepare = processingStep('Prepare', {
      ...job,
      outputs: { data: { path: '/opt/ml/processing/output', uri: job.output } },
    })
    const each = forEachStep('Each', {
      items: p.Items,
      maxConcurrency: 5,
      body: (item: ForEachItem<{ readonly rate: number; readonly name: string }>) =>
        trainingStep('Train', {
          ...job,
          hyperparameters: { [rate]: item.rate, name: join`run ${item.name}` },
          channels: { train: prepare.properties.ProcessingOutputConfig.Outputs.data.S3Output.S3Uri },
          metrics: { auc: 'auc=(.*)' },
        }),
      select: { maxBy: run => run.FinalMetricDataList.auc.Value },
    })
    const last = failStep('Last', {
      message: join(',', [
        each.properties.Status,
        each.properties.SucceededStepCount,
        each.properties.ChildOutputs[1]!.ModelArtifacts.S3ModelArtifacts,
        each.properties.Selected.FinalMetricDataList.auc.Value,
      ]),
    })
    return [prepare, each, last]
  })

describe('forEachStep', () => {
  it('writes the recorded form', () => {
    expect(made().document.Steps.slice(1)).toMatchObject([
      {
        Name: 'Each',
        Type: 'ForEach',
        Arguments: {
          IterableItems: { Get: 'Parameters.Items' },
          MaxConcurrency: 5,
          Selector: { Pick: 'MaxBy', Field: { Get: "ChildOutput.Train.FinalMetricDataList['auc'].Value" } },
          ForEachBody: [
            {
              Name: 'Train',
              Type: 'Training',
              Arguments: {
                HyperParameters: {
                  rate: { Get: 'ForEach.CurrentItem.rate' },
                  name: { 'Std:Join': { On: '', Values: ['run ', { Get: 'ForEach.CurrentItem.name' }] } },
                },
              },
            },
          ],
        },
      },
      {
        Arguments: {
          ErrorMessage: {
            'Std:Join': {
              Values: [
                { Get: 'Steps.Each.Status' },
                { Get: 'Steps.Each.SucceededStepCount' },
                { Get: 'Steps.Each.ChildOutputs[1].ModelArtifacts.S3ModelArtifacts' },
                { Get: "Steps.Each.Selected.FinalMetricDataList['auc'].Value" },
              ],
            },
          },
        },
      },
    ])
  })

  it('is judged: a warning that the service may refuse it, and nothing else', () => {
    expect(validateDefinition(made().document).map(({ code, severity, path }) => [code, severity, path])).toEqual([
      ['FW2601', 'warning', 'Steps[1]'],
    ])
  })

  it('comes back from import', () => {
    const { document } = made()
    const program = renderProgram(document, { name: 'P' })
    expect(definitionHash(evaluate(program).document)).toBe(definitionHash(document))
    expect(program).toContain('body: () =>')
    expect(program).toContain('experimental: { forEach: true }')
    expect(program).toContain("rate: reference('ForEach.CurrentItem.rate')")
  })

  it('waits for what its body reads, and what reads its runs waits for it', () => {
    const { predecessors, steps } = buildGraph(made().document)
    expect([...(predecessors.get('Each') ?? [])]).toEqual(['Prepare'])
    expect([...(predecessors.get('Last') ?? [])]).toEqual(['Each'])
    expect(steps.has('Train')).toBe(false)
  })

  it('shows a change of its body in a diff', () => {
    expect(JSON.stringify(diffDefinitions(made().document, made('speed').document))).toMatch(
      /Arguments\.ForEachBody\[0\]\.Arguments\.HyperParameters\.speed/,
    )
  })

  it('writes the floats of its body as floats', () => {
    const { document } = pipeline('P', options, p =>
      forEachStep('Each', {
        items: p.Items,
        maxConcurrency: 1,
        body: () => processingStep('Work', { ...job, retry: { on: ['Step.THROTTLING'], backoffRate: 2 } }),
      }),
    )
    expect(renderDefinition(document)).toContain('"BackoffRate": 2.0')
  })

  it('keeps the assets and the origin of its body', () => {
    const asset = { bucket: 'b', key: 'k', contentType: 'text/plain', bytes: async () => new Uint8Array() }
    const pipe = pipeline('P', options, p =>
      forEachStep('Each', {
        items: p.Items,
        maxConcurrency: 1,
        body: () => processingStep('Work', { ...job, assets: [asset] }),
      }),
    )
    expect(pipe.assets).toEqual([asset])
    expect(pipe.origins.get('Work')).toMatch(/for-each\.test\.ts:\d+$/)
  })

  it('refers to what open references give', () => {
    const step = forEachStep('Each', {
      items: reference('Parameters.Items'),
      maxConcurrency: 1,
      body: item =>
        bedrockCustomModelStep('Custom', { arguments: { ModelName: item, ModelSourceConfig: { S3: 's3://b' } } }),
    })
    expect(step.properties.ChildOutputs[0]!.ModelArn.json).toEqual({ Get: 'Steps.Each.ChildOutputs[0].ModelArn' })
    expect(step.properties.Selected.OutputDataConfig.at('S3Uri').json).toEqual({
      Get: 'Steps.Each.Selected.OutputDataConfig.S3Uri',
    })
    expect(messageOf(() => (step.properties.ChildOutputs as never as { all: unknown }).all)).toMatch(
      /"all" is no position/,
    )
  })

  it('is let in only by name', () => {
    expect(
      messageOf(() =>
        pipeline('P', { parameters: options.parameters }, p =>
          forEachStep('Each', { items: p.Items, maxConcurrency: 1, body: () => processingStep('Work', job) }),
        ),
      ),
    ).toBe(
      `Pipeline "P" — step "Each" is a ForEach step, which is experimental: the service may refuse it; say experimental: { forEach: true } in the pipeline's options, or write one step per item.`,
    )
  })

  const work = () => processingStep('Work', job)
  it.each([
    [{ items: ['a', 'b'] }, 'items — a list of 2 is known already; write one step per item in the program'],
    [{ maxConcurrency: 51 }, 'maxConcurrency — 51 is no whole number from 1 to 50'],
    [{ body: () => failStep('Stop', { message: 'x' }) }, 'body — "Stop" is a Fail step, which cannot be a body'],
    [{ body: () => [work()] }, 'body — it gives a list of 1, which is no step'],
    [{ body: () => processingStep('Work', { ...job, dependsOn: ['A'] }) }, 'body — "Work" has steps to wait for'],
    [{ select: { maxBy: () => 3 } }, 'select — it gives 3; return a value of the run'],
    [{ select: { minBy: () => reference('Steps.A.B') } }, 'select — it gives an object; return a value of the run'],
  ])('refuses %j', (more, message) => {
    const base = { items: reference('Parameters.Items'), maxConcurrency: 1, body: work }
    expect(messageOf(() => forEachStep('Each', { ...base, ...more } as never))).toContain(message)
  })
})

describe('the judge of ForEach steps', () => {
  const codes = (change: (steps: never[]) => void): string[] => {
    const document = JSON.parse(JSON.stringify(made().document)) as PipelineDefinition
    change(document.Steps as never)
    return validateDefinition(document).map(({ code, path }) => `${code} ${path}`)
  }
  type Loose = { Name: string; Arguments: Record<string, never> }
  const body = (steps: Loose[]) => steps[1]!.Arguments['ForEachBody']![0] as unknown as Loose

  it('judges the body as a step of its type', () => {
    expect(codes(steps => void Reflect.set(body(steps).Arguments, 'RoleArn', 'no arn'))).toContainEqual(
      expect.stringMatching(/^FW5\d+ Steps\[1\]\.Arguments\.ForEachBody\[0\]\.Arguments\.RoleArn/),
    )
    expect(codes(steps => void Reflect.set(body(steps).Arguments, 'RoleArm', 'x'))).toContainEqual(
      expect.stringMatching(/ForEachBody\[0\]\.Arguments\.RoleArm/),
    )
  })

  it('names the body and the line that made it, and lets one live with its problems by its name', () => {
    const { document, origins } = made()
    const wrong = JSON.parse(JSON.stringify(document)) as PipelineDefinition
    Reflect.set(body(wrong.Steps as never).Arguments, 'RoleArn', 'no arn')
    const found = (allow: Allowance[]) =>
      validateDefinition(wrong, { origins, allow }).filter(({ code }) => code !== 'FW2601')
    const [problem] = found([])
    expect(problem).toMatchObject({
      code: 'FW5003',
      message: expect.stringMatching(/^Steps\[1\]\.Arguments\.ForEachBody\[0\] "Train", Arguments\.RoleArn: /),
      at: expect.stringMatching(/for-each\.test\.ts:\d+$/),
    })
    expect(problem?.at).not.toBe(origins.get('Each'))
    expect(found([{ code: 'FW5003', path: 'Steps.Train', reason: 'made up' }])).toMatchObject([{ severity: 'info' }])
  })

  it('is drawn with what it runs', () => {
    expect(graphFormats.mermaid(made().document)).toContain('["Each<br/><small>ForEach: Train, Training</small>"]')
    const empty = JSON.parse(JSON.stringify(made().document)) as PipelineDefinition
    Reflect.deleteProperty(empty.Steps[1]?.Arguments as object, 'ForEachBody')
    expect(graphFormats.mermaid(empty)).toContain('["Each<br/><small>ForEach</small>"]')
    expect(graphFormats.dot(made().document)).toContain('"Each\\nForEach: Train, Training"')
  })

  it('lets the body read the name of its own job', () => {
    const jobName = { Get: 'Execution.TrainingJobName' }
    expect(codes(steps => void Reflect.set(body(steps).Arguments['HyperParameters']!, 'job', jobName))).toEqual([
      'FW2601 Steps[1]',
    ])
  })

  it.each<[string, (steps: Loose[]) => void, string]>([
    ['a run that has the name of a step', steps => void (steps[0]!.Name = 'Train-12'), 'FW2605'],
    ['a body of the name of a step', steps => void (body(steps).Name = 'Prepare'), 'FW2004'],
    [
      'an item two members deep',
      steps => void Reflect.set(body(steps).Arguments, 'RoleArn', { Get: 'ForEach.CurrentItem.a.b' }),
      'FW2606',
    ],
    [
      'an item outside',
      steps => void Reflect.set(steps[0]!.Arguments, 'RoleArn', { Get: 'ForEach.CurrentItem' }),
      'FW2606',
    ],
    [
      'a child outside the selector',
      steps => void Reflect.set(steps[0]!.Arguments, 'RoleArn', { Get: 'ChildOutput.Train.RoleArn' }),
      'FW2607',
    ],
    [
      'a selector of what the body does not give',
      steps => void Reflect.set(steps[1]!.Arguments['Selector']!, 'Field', { Get: 'ChildOutput.Train.Accuracy' }),
      'FW2607',
    ],
    [
      'a selector without a choice',
      steps => void Reflect.set(steps[1]!.Arguments['Selector']!, 'Pick', 'Best'),
      'FW2607',
    ],
    ['a member that there is not', steps => void Reflect.set(steps[1]!.Arguments, 'Items', []), 'FW2003'],
    ['no body', steps => void Reflect.deleteProperty(steps[1]!.Arguments, 'ForEachBody'), 'FW2603'],
    ['a body that is no step', steps => void Reflect.set(steps[1]!.Arguments, 'ForEachBody', [3]), 'FW2603'],
    ['a concurrency of 0', steps => void Reflect.set(steps[1]!.Arguments, 'MaxConcurrency', 0), 'FW2602'],
    [
      'a reference to the body from outside',
      steps => void Reflect.set(steps[0]!.Arguments, 'RoleArn', { Get: 'Steps.Train.RoleArn' }),
      'FW3003',
    ],
  ])('finds %s', (_what, change, code) => {
    expect(codes(change as never).map(each => each.split(' ')[0])).toContain(code)
  })
})
