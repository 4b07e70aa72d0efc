import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { execution, float, functionStep, integer, join as joined, jsonGet, pipeline, string } from 'foldwise'
import { definitionHash } from '../../../pipeline/definition/index.ts'
import { renderProgram } from '../../../pipeline/import/index.ts'
import { validateDefinition } from '../../../pipeline/validate/index.ts'
import { decodeCall, encodeCall, escapeMember, makeHole, valueVariable } from '../../../schemas/function-call.ts'
import type { summary } from '../../fixtures/functions/summary.ts'
import { messageOf } from '../dsl/message-of.ts'
import { evaluate } from '../import/evaluate.ts'

const fixtures = join(import.meta.dirname, '../../fixtures/functions')
const job = {
  image: '111122223333.dkr.ecr.us-east-1.amazonaws.com/foldwise-processing:1',
  role: 'arn:aws:iam::111122223333:role/Role',
  code: { bucket: 'code-bucket' },
  output: 's3://bucket/runs',
} as const

const folders: string[] = []
const temporary = () => {
  const folder = mkdtempSync(join(tmpdir(), 'foldwise-function-'))
  folders.push(folder)
  return folder
}
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

const twoSteps = () =>
  pipeline('P', { parameters: { A: float(1.5), N: integer(2), Label: string('a') } }, p => {
    const first = functionStep('First', {
      ...job,
      function: (a: number, n: number, note: { readonly text: string }) => ({ sum: a + n, note: note.text }),
      args: [p.A, p.N, { text: joined`run ${execution.PipelineExecutionId}` }],
    })
    const second = functionStep<typeof summary>('Second', {
      ...job,
      file: '../../fixtures/functions/summary.ts',
      export: 'summary',
      args: [[first.result.sum, 3], p.Label, { limit: 5 }],
      environment: { MODE: 'x' },
    })
    return [first, second]
  })

describe('functionStep', () => {
  it('makes a processing step in which the judge finds nothing, and which import prints', () => {
    const { document } = twoSteps()
    expect(validateDefinition(document)).toEqual([])
    expect(definitionHash(evaluate(renderProgram(document, { name: 'P' })).document)).toBe(definitionHash(document))
    expect(document.Steps[1]).toMatchObject({
      Type: 'Processing',
      Arguments: {
        AppSpecification: {
          ContainerEntrypoint: ['node', '/opt/foldwise/function.mjs'],
          ContainerArguments: ['--json=[[{"$":[0,"unknown"]},3],{"$":[1,"String"]},{"limit":5}]'],
        },
        Environment: {
          MODE: 'x',
          FOLDWISE_VALUE_0: {
            'Std:Join': {
              On: '',
              Values: [
                { 'Std:JsonGet': { PropertyFile: { Get: 'Steps.First.PropertyFiles.Result' }, Path: 'result.sum' } },
              ],
            },
          },
          FOLDWISE_VALUE_1: { Get: 'Parameters.Label' },
        },
      },
      PropertyFiles: [{ PropertyFileName: 'Result', OutputName: 'result', FilePath: 'result.json' }],
    })
  })

  it('names the result by where it lies in the file', () => {
    const step = functionStep('F', {
      ...job,
      function: () => ({ list: [{ 'odd name': 1 }], plain: true, date: new Date(0) }),
    })
    const path = (value: { readonly json: unknown }) =>
      (value.json as { 'Std:JsonGet': { Path: string } })['Std:JsonGet'].Path
    expect(path(step.result.plain)).toBe('result.plain')
    expect(path(step.result.date)).toBe('result.date')
    expect(path(step.result.list[0]!['odd name'])).toBe("result.list[0]['odd name']")
    expect(path(jsonGet(step.propertyFiles.Result, 'result.plain'))).toBe('result.plain')
    expect(() => String(step.result.plain)).toThrow(/it is a reference without a value/)
  })

  it('uploads the same bytes for the same function, wherever its file lies, and others for another', async () => {
    const keyOf = (folder: string) =>
      functionStep<typeof summary>('S', {
        ...job,
        file: join(folder, 'summary.ts'),
        export: 'summary',
        args: [[1], 'a', { limit: 1 }],
      }).assets[0]
    const copy = join(temporary(), 'deep/er')
    mkdirSync(copy, { recursive: true })
    cpSync(fixtures, copy, { recursive: true })
    const [here, there] = [keyOf(fixtures), keyOf(copy)]
    expect(there?.key).toBe(here?.key)
    expect(await there?.bytes()).toEqual(await here?.bytes())
    expect(new TextDecoder().decode(await here?.bytes())).not.toContain(import.meta.dirname.split('/')[1])
    writeFileSync(join(copy, 'lib/mean.ts'), 'export const mean = (values: readonly number[]) => values[0] ?? 0\n')
    expect(keyOf(copy)?.key).not.toBe(here?.key)
  })

  it('bundles packages in CommonJS under names without their place', async () => {
    const bytes = async () => {
      const folder = temporary()
      mkdirSync(join(folder, 'node_modules/old'), { recursive: true })
      writeFileSync(join(folder, 'node_modules/old/index.js'), "exports.join = require('node:path').join\n")
      writeFileSync(join(folder, 'f.ts'), "import { join } from 'old'\nexport default () => join('a', 'b')\n")
      return functionStep('F', { ...job, file: join(folder, 'f.ts') }).assets[0]?.bytes()
    }
    expect(await bytes()).toEqual(await bytes())
  })

  it('refuses a function that uses what does not travel with it, and says which names', () => {
    const outer = 3
    const helper = (value: number) => value
    expect(
      messageOf(() => functionStep('F', { ...job, function: (a: number) => helper(a) + outer, args: [1] })),
    ).toMatch(
      /^Step "F": function — it uses "helper", "outer" from outside itself, and only its own text travels to the job; pass the value in args, or put the function into a file and give file and export\./,
    )
  })

  it('takes names that only look like outer ones', () => {
    const inner = 1
    expect(inner).toBe(1)
    const step = functionStep('F', {
      ...job,
      function: (object: { readonly inner: number }) => {
        // inner is a comment here
        const { inner: other } = object
        const label = 'inner'
        function twice(inner: number): number {
          return inner * 2
        }
        return twice(other) + label.length + Math.max(0, Number.NaN)
      },
      args: [{ inner: 1 }],
    })
    expect(step.assets).toHaveLength(1)
  })

  it('takes functions with the helper that loaders such as tsx leave in them', () => {
    // oxlint-disable-next-line no-new-func, typescript/no-implied-eval -- the text is what is tested
    const loaded = new Function('return () => { const f = () => 1; __name(f, "f"); return f() }')() as () => number
    expect(functionStep('F', { ...job, function: loaded }).assets).toHaveLength(1)
  })

  it.each([
    ['a missing file', { file: './nowhere.ts' }, /nowhere\.ts does not exist; name the file that exports the function/],
    [
      'a missing export',
      { file: '../../fixtures/functions/summary.ts', export: 'sumary' },
      /the function cannot be bundled — .*No matching export in "summary\.ts" for import "sumary"/,
    ],
    ['no function', { function: 3 }, /function — 3 is no function; give one/],
    ['a native function', { function: Math.max }, /its text cannot be read or called on its own/],
    ['a bound function', { function: Math.max.bind(Math, 1) }, /its text cannot be read or called on its own/],
    ['a method', { function: { f() {} }.f }, /cannot be bundled|its text cannot be read/],
    [
      'an input of its own name',
      { function: () => 1, inputs: { code: {} } },
      /inputs\.code — the step itself uses that/,
    ],
    ['an output of its own name', { function: () => 1, outputs: { result: {} } }, /outputs\.result — the step itself/],
    ['a variable of its own', { function: () => 1, environment: { FOLDWISE_VALUE_0: 'x' } }, /FOLDWISE_VALUE_0 — the/],
    ['a bucket with a slash', { function: () => 1, code: { bucket: 'a/b' } }, /code\.bucket — "a\/b" is no name/],
  ])('refuses %s', (_what, options, message) => {
    expect(messageOf(() => functionStep('F', { ...job, ...options } as never))).toMatch(message)
  })

  it.each([
    ['NaN', [Number.NaN], /args\[0\] — NaN cannot travel to a job/],
    ['a function inside', [{ a: [() => 1] }], /args\[0\]\.a\[0\] — a function cannot travel/],
    [
      'more text than a job carries',
      ['x'.repeat(30_000)],
      /args — they are \d+ characters long as JSON, and a processing job has room for 24900; put them into a file in S3/,
    ],
    [
      'more references than a job carries',
      [Array.from({ length: 101 }, () => execution.PipelineName)],
      /need 101 environment variables, and a processing job has at most 100/,
    ],
  ])('refuses arguments with %s', (_what, args, message) => {
    expect(messageOf(() => functionStep('F', { ...job, function: () => 1, args } as never))).toMatch(message)
  })

  it('leaves esbuild alone in a program without a function', () => {
    const loaded = (options: string) => {
      const script = `
        import module from 'node:module'
        import { functionStep, pipeline, failStep } from './dist/index.mjs'
        pipeline('P', {}, () => [failStep('Stop', { message: 'x' }), ${options}].flat())
        console.log(Object.keys(module._cache).some(path => path.includes('esbuild')))`
      return execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }).trim()
    }
    expect(loaded('[]')).toBe('false')
    expect(
      loaded(`functionStep('F', ${JSON.stringify({ ...job, file: join(fixtures, 'lib/mean.ts'), export: 'mean' })})`),
    ).toBe('true')
  })
})

describe('the arguments on their way to the job', () => {
  it('come back as they went, whatever they are', () => {
    const escaped = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(escaped)
      if (typeof value !== 'object' || value === null) return value
      return Object.fromEntries(Object.entries(value).map(([name, child]) => [escapeMember(name), escaped(child)]))
    }
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), values => {
        const plain = JSON.parse(JSON.stringify(values)) as unknown[]
        const chunks = encodeCall(plain.map(escaped))
        for (const chunk of chunks) expect(chunk).toMatch(/^[ -~]{1,256}$/)
        expect(decodeCall(chunks, {})).toEqual(plain)
      }),
    )
  })

  it.each([
    ['String', '5', '5'],
    ['Integer', '5', 5],
    ['Float', '0.25', 0.25],
    ['Boolean', 'True', true],
    ['unknown', '0.9667', 0.9667],
    ['unknown', '007', '007'],
    ['unknown', 'false', false],
    ['unknown', 'text', 'text'],
    ['unknown', '', ''],
  ] as const)('read a %s %j as %j', (type, text, value) => {
    expect(decodeCall(encodeCall([makeHole(0, type)]), { [valueVariable(0)]: text })).toEqual([value])
  })

  it('fail with one sentence when they are damaged', () => {
    expect(() => decodeCall(['--jsn=[]'], {})).toThrow('The container argument "--jsn=[]" is unknown')
    expect(() => decodeCall(['--json=[1'], {})).toThrow('no JSON together')
    expect(() => decodeCall(['--json={}'], {})).toThrow('no list')
    expect(() => decodeCall(encodeCall([makeHole(0, 'String')]), {})).toThrow('FOLDWISE_VALUE_0 is missing')
    expect(() => decodeCall(encodeCall([makeHole(0, 'Float')]), { FOLDWISE_VALUE_0: 'x' })).toThrow('"x" is no number')
  })
})
