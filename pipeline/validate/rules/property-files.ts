import { declaredOutputs } from '../properties.ts'
import type { Scope, StepView } from '../scope.ts'
import { oneOf, show } from '../show.ts'
import { at, records } from '../values.ts'

/** Property files: each of an output of its step, once, as a JSON file below it. */
export function propertyFiles(step: StepView, scope: Scope): void {
  const { report } = scope
  const outputs = declaredOutputs(step)
  const seen = new Set<string>()
  for (const [index, file] of records(step.fields['PropertyFiles'])) {
    const path = `${step.path}.PropertyFiles[${index}]`
    const { PropertyFileName: name, OutputName: output, FilePath: filePath } = file
    if (typeof name === 'string') {
      if (seen.has(name)) report('FW4021', path, `a second property file ${show(name)}. Give each a name of its own.`)
      seen.add(name)
      if (name === '' || !/^[A-Za-z0-9\-_]+$/.test(name))
        report(
          'FW4022',
          path,
          `${show(name)} cannot be named in a Get path; letters, digits, "-" and "_" would be right.`,
        )
    }
    if (typeof output === 'string' && !outputs.includes(output)) {
      const declared = outputs.length === 0 ? 'It has none.' : `It has ${oneOf(outputs.map(show))}.`
      report(
        'FW3021',
        path,
        `${show(step.name)} has no output ${show(output)}. ${declared}${scope.suggest(output, outputs)}`,
      )
    }
    if (typeof filePath === 'string') checkFilePath(filePath, path, scope)
    warnOfUpload(step, output, path, scope)
  }
}

function checkFilePath(filePath: string, path: string, { report }: Scope): void {
  const wrong =
    filePath.startsWith('/') || filePath.includes('://') || filePath.split('/').includes('..') || filePath === ''
  if (wrong)
    report(
      'FW3022',
      path,
      `FilePath ${show(filePath)} is no path below the output; something like "evaluation.json" would be right.`,
    )
  else if (!filePath.endsWith('.json'))
    report('FW3022', path, `FilePath ${show(filePath)} does not end in .json. The file must hold JSON.`)
}

function warnOfUpload(step: StepView, output: unknown, path: string, { report }: Scope): void {
  const found = records(at(step.args, 'ProcessingOutputConfig', 'Outputs')).find(
    ([, record]) => record['OutputName'] === output,
  )?.[1]
  if (found !== undefined && found['S3Output'] === undefined && found['FeatureStoreOutput'] !== undefined) {
    report(
      'FW3022',
      path,
      `the output ${show(output)} goes to a feature group, where no file can be read. Name an output with S3Output.`,
    )
  }
  if (at(found, 'S3Output', 'S3UploadMode') === 'Continuous') {
    report(
      'FW3022',
      path,
      `the output ${show(output)} is uploaded while the job runs, so the file may be read half-written. Write "S3UploadMode": "EndOfJob".`,
    )
  }
}
