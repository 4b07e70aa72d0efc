import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { validateDefinition, validateText } from '../../../pipeline/validate/index.ts'

const root = 'test/fixtures/goldens'
const files = ['v2', 'fieldnotes'].flatMap(folder => readdirSync(join(root, folder)).map(name => `${folder}/${name}`))
const read = (file: string): string => readFileSync(join(root, file), 'utf8')

/** Errors that are in these documents, by file; every other one has none. */
const defects: Readonly<Record<string, { readonly why: string; readonly errors: readonly string[] }>> = {
  'v2/c08_estimator_transformer.json': {
    why: 'a defect of that SDK: EstimatorTransformer without output_path writes null',
    errors: ['FW5006 Steps[1].Arguments.TransformOutput.S3OutputPath'],
  },
  'v2/c24_depends_on.json': {
    why: 'a defect of the program, which that SDK takes without a word: Parameters.MD is declared nowhere',
    errors: [
      'FW3002 Steps[1].Arguments.HyperParameters.model_archive',
      'FW3002 Steps[1].Arguments.InputDataConfig[0].DataSource.S3DataSource.S3Uri',
    ],
  },
}

const errorsOf = (problems: ReturnType<typeof validateText>): string[] =>
  problems.filter(({ severity }) => severity === 'error').map(({ code, path }) => `${code} ${path}`)

describe('documents of the SageMaker Python SDK', () => {
  it('are all here', () => {
    const manifest = JSON.parse(read('MANIFEST.json')) as { files: Record<string, unknown> }
    expect([...files].sort()).toEqual(Object.keys(manifest.files).sort())
    expect(files).toEqual(expect.arrayContaining(Object.keys(defects)))
  })

  it.each(files.map(file => [file, defects[file]?.why ?? 'nothing'] as const))(
    '%s has these errors and no other: %s',
    file => {
      expect(errorsOf(validateText(read(file)))).toEqual(defects[file]?.errors ?? [])
    },
  )

  // Version 3 of that SDK writes the KMS key of check steps into each output, where no request has it.
  it.each([
    ['v2/c12_clarify_check.json', 'ClarifyCheck'],
    ['v2/c13_quality_check.json', 'QualityCheck'],
  ])('%s with the KMS key where version 3 puts it has that error in every %s step', (file, type) => {
    const document = JSON.parse(read(file)) as {
      Steps: { Type: string; Arguments: { ProcessingOutputConfig: { Outputs: { S3Output: object }[] } } }[]
    }
    const places: string[] = []
    for (const [index, step] of document.Steps.entries()) {
      if (step.Type !== type) continue
      Object.assign(step.Arguments.ProcessingOutputConfig.Outputs[0]?.S3Output ?? {}, { KmsKeyId: 'alias/key' })
      places.push(`Steps[${index}].Arguments.ProcessingOutputConfig.Outputs[0].S3Output.KmsKeyId`)
    }
    expect(places.length).toBeGreaterThan(0)
    expect(errorsOf(validateDefinition(document))).toEqual(places.map(place => `FW5001 ${place}`))
  })

  it('warns of every parameter that Python printed into the arguments of the Field Notes pipeline', () => {
    const problems = validateText(read('fieldnotes/b1-verbatim-sdk-2.59.1-py311.json'))
    expect(problems.filter(({ code }) => code === 'FW3034').map(({ path, severity }) => `${severity} ${path}`)).toEqual(
      [1, 11, 15, 17, 19, 21, 23, 25].map(
        index => `warning Steps[1].Arguments.AppSpecification.ContainerArguments[${index}]`,
      ),
    )
  })
})
