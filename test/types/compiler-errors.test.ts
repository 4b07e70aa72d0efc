import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '../..')

/** What the compiler says about each program, in order. */
async function compilerErrors(programs: readonly string[]): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'foldwise-types-'))
  try {
    await writeFile(
      join(folder, 'tsconfig.json'),
      JSON.stringify({
        extends: join(root, 'tsconfig.json'),
        compilerOptions: {
          paths: { foldwise: [join(root, 'pipeline/index.ts')] },
          typeRoots: [join(root, 'node_modules/@types')],
        },
        include: ['*.ts'],
      }),
    )
    const names = programs.map((_, index) => `program-${String(index).padStart(2, '0')}.ts`)
    await Promise.all(programs.map((program, index) => writeFile(join(folder, names[index] as string), program)))
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    const { stdout } = await promisify(execFile)(process.execPath, [tsc, '--pretty', 'false', '-p', folder], {
      cwd: folder,
    }).catch((error: { stdout: string }) => error)
    return names.map(name => {
      const lines = stdout.split('\n').filter(line => line.startsWith(name))
      return lines.map(line => line.replace(/^.*?: error (TS\d+): /, '$1 ')).join('\n')
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The commonest mistakes, one program each. */
const mistakes = {
  'a misspelt option': "trainingStep('T', { ...job, hyperparameter: {} })",
  'a misspelt property of a step': "trainingStep('T', job).properties.ModelArtefacts",
  'a misspelt value of an enum':
    "trainingStep('T', { arguments: { ...request, AlgorithmSpecification: { TrainingInputMode: 'Fil' } } })",
  'a number where text is due':
    "pipeline('P', { parameters: { N: integer(5) } }, p => trainingStep('T', { ...job, role: p.N }))",
  'an output that is not declared':
    "processingStep('S', { ...job, outputs: { train: { path: '/a', uri: 's3://b' } } }).properties.ProcessingOutputConfig.Outputs.trian.S3Output",
  'a parameter for the number of folds':
    "pipeline('P', { parameters: { N: integer(5) } }, p => { kFold({ k: p.N }); return [] })",
  'a default outside its enum': "string('ml.m5.lage', { oneOf: ['ml.m5.large', 'ml.m5.xlarge'] })",
}

it('the compiler’s words about the commonest mistakes name the repair', { timeout: 120_000 }, async () => {
  const programs = Object.values(mistakes).map(
    mistake => `import { integer, kFold, pipeline, processingStep, string, trainingStep } from 'foldwise'
const job = { image: 'i', instance: 'ml.m5.large', role: 'r', output: 's3://b/m' } as const
const request = { RoleArn: 'r', OutputDataConfig: { S3OutputPath: 's3://b' } }
export const used = [integer, kFold, pipeline, processingStep, string, trainingStep, job, request]
export const made = ${mistake}`,
  )
  const errors = await compilerErrors(programs)
  expect(
    Object.fromEntries(Object.keys(mistakes).map((title, index) => [title, errors[index]])),
  ).toMatchInlineSnapshot(`
    {
      "a default outside its enum": "TS2345 Argument of type '"ml.m5.lage"' is not assignable to parameter of type '"ml.m5.large" | "ml.m5.xlarge" | undefined'.",
      "a misspelt option": "TS2561 Object literal may only specify known properties, but 'hyperparameter' does not exist in type 'ConciseTraining<string>'. Did you mean to write 'hyperparameters'?",
      "a misspelt property of a step": "TS2551 Property 'ModelArtefacts' does not exist on type 'TrainingProperties<string>'. Did you mean 'ModelArtifacts'?",
      "a misspelt value of an enum": "TS2820 Type '"Fil"' is not assignable to type '"FastFile" | "File" | "Pipe" | Expr<string>'. Did you mean '"File"'?",
      "a number where text is due": "TS2322 Type 'Expr<number>' is not assignable to type 'StringValue'.",
      "a parameter for the number of folds": "TS2322 Type 'Expr<number>' is not assignable to type 'number'.",
      "an output that is not declared": "TS2551 Property 'trian' does not exist on type 'OutputsByName<"train">'. Did you mean 'train'?",
    }
  `)
})
