import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import * as foldwise from 'foldwise'

it('the public functions and values are these; a change here is a change of the public API', () => {
  expect(Object.keys(foldwise).toSorted()).toMatchInlineSnapshot(`
    [
      "UserError",
      "boolean",
      "conditionStep",
      "crossValidation",
      "csv",
      "equals",
      "execution",
      "experimentConfig",
      "failStep",
      "float",
      "greaterThan",
      "greaterThanOrEqualTo",
      "integer",
      "isIn",
      "isUserError",
      "join",
      "jsonGet",
      "jsonLines",
      "kFold",
      "lessThan",
      "lessThanOrEqualTo",
      "maximize",
      "minimize",
      "nodeSvm",
      "not",
      "or",
      "pipeline",
      "processingStep",
      "rawStep",
      "registerModelStep",
      "stratifiedKFold",
      "string",
      "trainingStep",
    ]
  `)
})

it('the public names, types included, are these', () => {
  const text = readFileSync(resolve(import.meta.dirname, '../../pipeline/index.ts'), 'utf8')
  expect(text).not.toContain('export *')
  const names = [...text.matchAll(/\{([^}]*)\}/g)].flatMap(([, list]) =>
    (list ?? '')
      .split(',')
      .map(name => name.replace(/\btype\b/, '').trim())
      .filter(name => name !== ''),
  )
  expect(names.toSorted()).toMatchInlineSnapshot(`
    [
      "Args",
      "ArgsOverride",
      "CacheableOptions",
      "Channel",
      "ConciseProcessing",
      "ConciseRegistration",
      "ConciseTraining",
      "Condition",
      "ConditionOptions",
      "ConditionStep",
      "CrossValidation",
      "CrossValidationOptions",
      "CsvOptions",
      "Data",
      "ExceptionType",
      "Expr",
      "FailOptions",
      "FailStep",
      "FoldChannel",
      "FoldFacts",
      "FoldOptions",
      "FoldTraining",
      "Folds",
      "Instance",
      "JobOptions",
      "Joinable",
      "JsonAtS3",
      "JsonLinesOptions",
      "NodeSvmOptions",
      "Objective",
      "ObjectiveFile",
      "ParameterDeclaration",
      "ParameterRefs",
      "Parameters",
      "Pipeline",
      "PipelineOptions",
      "PipelineSteps",
      "ProcessingArguments",
      "ProcessingInput",
      "ProcessingOptions",
      "ProcessingOutput",
      "ProcessingStep",
      "PropertyFile",
      "RawOptions",
      "RawStep",
      "Ref",
      "RegisterModelArguments",
      "RegisterModelStep",
      "Registration",
      "RetryPolicy",
      "RetryableOptions",
      "StartParameters",
      "Step",
      "StepOptions",
      "StringValue",
      "SvmHyperparameters",
      "Text",
      "Training",
      "TrainingArguments",
      "TrainingContext",
      "TrainingOptions",
      "TrainingStep",
      "TrainingTemplate",
      "UserError",
      "Value",
      "VerbatimProcessing",
      "VerbatimRegistration",
      "VerbatimTraining",
      "boolean",
      "conditionStep",
      "crossValidation",
      "csv",
      "equals",
      "execution",
      "experimentConfig",
      "failStep",
      "float",
      "greaterThan",
      "greaterThanOrEqualTo",
      "integer",
      "isIn",
      "isUserError",
      "join",
      "jsonGet",
      "jsonLines",
      "kFold",
      "lessThan",
      "lessThanOrEqualTo",
      "maximize",
      "minimize",
      "nodeSvm",
      "not",
      "or",
      "pipeline",
      "processingStep",
      "rawStep",
      "registerModelStep",
      "stratifiedKFold",
      "string",
      "trainingStep",
    ]
  `)
})

it('importing the library takes no AWS client with it', () => {
  const root = resolve(import.meta.dirname, '../..')
  const script = `
    import { build } from 'esbuild'
    const { metafile } = await build({ entryPoints: ['pipeline/index.ts'], bundle: true, format: 'esm', platform: 'node', write: false, metafile: true, packages: 'external' })
    console.log(JSON.stringify(Object.values(metafile.inputs).flatMap(input => input.imports).filter(each => each.external && each.kind !== 'dynamic-import').map(each => each.path)))`
  const imports = JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: root, encoding: 'utf8' }),
  ) as string[]
  expect([...new Set(imports)].filter(path => !path.startsWith('node:')).toSorted()).toEqual(['canonicalize', 'zod'])
})
