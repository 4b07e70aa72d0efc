import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { validateText } from '../../../pipeline/validate/index.ts'

const root = 'test/fixtures/goldens'
const files = ['v2', 'fieldnotes'].flatMap(folder => readdirSync(join(root, folder)).map(name => `${folder}/${name}`))

/** The true defects in these documents: file to code and place. The reference of c24 is to a parameter that nobody declared. */
const defects: Readonly<Record<string, readonly string[]>> = {
  'v2/c08_estimator_transformer.json': ['FW5006 Steps[1].Arguments.TransformOutput.S3OutputPath'],
  'v2/c24_depends_on.json': [
    'FW3002 Steps[1].Arguments.HyperParameters.model_archive',
    'FW3002 Steps[1].Arguments.InputDataConfig[0].DataSource.S3DataSource.S3Uri',
  ],
}

describe('documents of the SageMaker Python SDK', () => {
  it.each(files)('%s has no error but the known defects', file => {
    const problems = validateText(readFileSync(join(root, file), 'utf8'))
    const errors = problems.filter(problem => problem.severity === 'error')
    expect(errors.map(({ code, path }) => `${code} ${path}`)).toEqual(defects[file] ?? [])
  })

  it('warns of every parameter that Python printed into the arguments of the Field Notes pipeline', () => {
    const problems = validateText(readFileSync(join(root, 'fieldnotes/b1-verbatim-sdk-2.59.1-py311.json'), 'utf8'))
    expect(problems.filter(({ code }) => code === 'FW3034').map(({ path, severity }) => `${severity} ${path}`)).toEqual(
      [1, 11, 15, 17, 19, 21, 23, 25].map(
        index => `warning Steps[1].Arguments.AppSpecification.ContainerArguments[${index}]`,
      ),
    )
  })
})
