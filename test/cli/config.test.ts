import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folderWith, irisPipeline, runCli } from '../support/run-cli.ts'

const minute = 60_000

/** A pipeline of one Lambda step and one training on a foreign image. */
const definition = JSON.stringify({
  Version: '2020-12-01',
  Steps: [
    {
      Name: 'Call',
      Type: 'Lambda',
      FunctionArn: 'arn:aws:lambda:us-east-1:111122223333:function:double',
      Arguments: { number: '21' },
      OutputParameters: [{ OutputName: 'twice', OutputType: 'Integer' }],
    },
    {
      Name: 'Train',
      Type: 'Training',
      Arguments: {
        AlgorithmSpecification: {
          TrainingImage: '111122223333.dkr.ecr.us-east-1.amazonaws.com/team/own-training:2',
          TrainingInputMode: 'File',
        },
        HyperParameters: {
          twice: { 'Std:Join': { On: '', Values: [{ Get: "Steps.Call.OutputParameters['twice']" }] } },
        },
        OutputDataConfig: { S3OutputPath: 's3://bucket/models' },
        ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 1 },
        RoleArn: 'arn:aws:iam::111122223333:role/Role',
        StoppingCondition: { MaxRuntimeInSeconds: 60 },
      },
    },
  ],
})

const files = {
  'p.json': definition,
  'foldwise.config.ts': `export default {
  images: [{ matches: 'own-', runtime: 'node', entrypoint: ['node', '/opt/own/train.mjs'], programs: { root: '/opt/own', folder: './programs' } }],
  functions: { double: ({ number }: { number: string }) => ({ twice: Number(number) * 2 }) },
}
`,
  'programs/train.mjs': `import { readFileSync } from 'node:fs'
console.log('twice is ' + JSON.parse(readFileSync(process.env.SAGEMAKER_BASE_DIR + '/input/config/hyperparameters.json', 'utf8')).twice)
`,
}

describe('foldwise.config.ts', () => {
  it('beside the pipeline gives run its images and functions', { timeout: minute }, async () => {
    await using folder = await folderWith(
      Object.fromEntries(Object.entries(files).map(([name, text]) => [`project/${name}`, text])),
    )
    const { code, stderr } = await runCli(['run', 'project/p.json'], { cwd: folder.path })
    expect(stderr).not.toContain('cannot be run')
    expect(code).toBe(0)
    const logs = await runCli(['logs', 'p', 'Train', '--local'], { cwd: folder.path })
    expect(logs.stdout).toContain('twice is 42')
  })

  it.each([
    [
      'export default { image: [] }',
      /^error foldwise\.config\.ts: the default export — Unrecognized key: "image" — correct the file\.\n$/,
    ],
    [
      'export default { functions: { f: 3 } }',
      /^error foldwise\.config\.ts: functions\.f — it is a number — it must be a function of the event or an http URL — correct the file\.\n$/,
    ],
    [
      "export default { switches: { stringOrder: 'numerical' } }",
      /switches\.stringOrder — it is "numerical" — Invalid option: expected one of "lexicographic"\|"numeric"/,
    ],
    [
      'export default { images: [{ matches: 3 }] }',
      /images\[0\]\.matches — it is a number — it must be the beginning of a repository name/,
    ],
    ['export const x = 1', /the default export is missing — it must be an object/],
    ["throw new Error('not today')", /foldwise\.config\.ts:1 — the program failed: Error: not today/],
  ])(
    'that says %s is refused with one sentence before anything is made',
    { timeout: minute },
    async (text, sentence) => {
      await using folder = await folderWith({ 'p.json': definition, 'foldwise.config.ts': text })
      const { code, stderr } = await runCli(['run', 'p.json'], { cwd: folder.path })
      expect(stderr).toMatch(sentence)
      expect(code).not.toBe(0)
      expect(code).not.toBe(3)
      expect(readdirSync(folder.path).toSorted()).toEqual(['foldwise.config.ts', 'p.json'])
    },
  )
})

describe('after a run that was killed', () => {
  it('run leaves the interrupted execution closed as Failed, and --resume finishes exactly the newest one', {
    timeout: 3 * minute,
  }, async () => {
    await using folder = await folderWith()
    const killed = async () => {
      const result = await runCli(['run', irisPipeline], {
        cwd: folder.path,
        onStart: child => {
          child.stderr?.on('data', chunk => {
            if (String(chunk).includes('TrainFold-1')) child.kill('SIGKILL')
          })
        },
      })
      expect(result.signal).toBe('SIGKILL')
    }
    const journals = () => {
      const executions = join(folder.path, '.foldwise', 'executions')
      return readdirSync(executions).map(id => readFileSync(join(executions, id, 'journal.jsonl'), 'utf8'))
    }
    await killed()
    const second = await runCli(['run', irisPipeline, '--json'], { cwd: folder.path })
    expect(JSON.parse(second.stdout)).toMatchObject({ status: 'Succeeded' })
    const [closed] = journals().filter(text => text.includes('"status":"Failed"'))
    expect(closed).toContain('The local SageMaker ended while the execution ran')
    expect(closed).not.toContain('execution-resumed')
    await killed()
    const resumed = await runCli(['run', irisPipeline, '--resume', '--json'], { cwd: folder.path })
    expect(JSON.parse(resumed.stdout)).toMatchObject({ status: 'Succeeded', mean: 0.98 })
    expect(journals().filter(text => text.includes('execution-resumed'))).toHaveLength(1)
    const again = await runCli(['run', irisPipeline, '--resume', '--json'], { cwd: folder.path })
    expect(again.code).toBe(0)
    expect(JSON.parse(again.stdout)).toMatchObject({
      executionArn: JSON.parse(resumed.stdout).executionArn,
      mean: 0.98,
    })
  })
})
