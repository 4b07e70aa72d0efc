import { forEachExpression, isExpression, isGet, isJoin, isJsonGet, parseGetPath } from '../../definition/index.ts'
import { judgeJsonPath } from '../json-path.ts'
import type { Scope, StepView } from '../scope.ts'
import { show } from '../show.ts'
import { isRecord } from '../values.ts'

/** The form of a Std:Join. */
export function checkJoin(join: unknown, place: string, { report }: Scope): void {
  if (!isRecord(join)) {
    report('FW3016', place, `Std:Join is ${show(join)} where an object with On and Values is expected.`)
    return
  }
  const { On: on, Values: values, ...rest } = join
  if (isExpression(on))
    report(
      'FW3014',
      `${place}["Std:Join"].On`,
      'an expression where only a literal is allowed. Put the separator itself, and expressions into Values.',
    )
  else if (typeof on !== 'string')
    report('FW3016', place, `On is ${show(on)} where a string is expected, such as "" or "/".`)
  if (!Array.isArray(values)) report('FW3016', place, `Values is ${show(values)} where a list is expected.`)
  else {
    for (const [index, value] of values.entries()) {
      if (isExpression(value) || ['string', 'number', 'boolean'].includes(typeof value)) continue
      report(
        'FW3016',
        `${place}["Std:Join"].Values[${index}]`,
        `${show(value)} cannot be joined; a string, a number, true, false or an expression would be right.`,
      )
    }
  }
  for (const member of Object.keys(rest))
    report('FW3016', place, `unknown member ${show(member)} of Std:Join, which has On and Values.`)
}

/** The form of a Std:JsonGet and of its path. */
export function checkJsonGet(jsonGet: unknown, place: string, step: StepView | undefined, scope: Scope): void {
  const { report } = scope
  if (!isRecord(jsonGet)) {
    report('FW3017', place, `Std:JsonGet is ${show(jsonGet)} where an object with PropertyFile and Path is expected.`)
    return
  }
  const { PropertyFile: file, S3Uri: uri, Path: path, ...rest } = jsonGet
  if ((file === undefined) === (uri === undefined)) {
    const found = file === undefined ? 'neither PropertyFile nor S3Uri' : 'both PropertyFile and S3Uri'
    report('FW3017', place, `${found}; exactly one of them would be right: ${jsonGetForm}`)
  }
  for (const member of Object.keys(rest))
    report('FW3017', place, `unknown member ${show(member)} of Std:JsonGet. ${jsonGetForm}`)
  if (file !== undefined) checkFileMember(file, place, scope)
  if (uri !== undefined) checkUriMember(uri, place, step, scope)
  checkJsonPath(path, place, scope)
}

const jsonGetForm =
  '{"Std:JsonGet": {"PropertyFile": {"Get": "Steps.<step>.PropertyFiles.<name>"}, "Path": "a.b"}} is the form.'

function checkFileMember(file: unknown, place: string, { report }: Scope): void {
  if (!isGet(file)) {
    report('FW3017', place, `PropertyFile is ${show(file)}. ${jsonGetForm}`)
    return
  }
  const reference = typeof file.Get === 'string' ? parseGetPath(file.Get) : undefined
  if (reference === undefined) return
  const [first, second, third] = reference.root === 'Steps' ? reference.segments : []
  const right =
    first?.kind === 'member' && first.name === 'PropertyFiles' && second !== undefined && third === undefined
  if (!right) report('FW3020', place, `${show(file.Get)} is no property file. ${jsonGetForm}`)
}

function checkUriMember(uri: unknown, place: string, step: StepView | undefined, { report }: Scope): void {
  if (!isJoin(uri)) {
    report(
      'FW3023',
      place,
      `S3Uri is ${show(uri)}. The service is known to take a Std:Join here: write {"Std:Join": {"On": "/", "Values": ["s3:/", …]}}.`,
    )
  }
  let refers = false
  forEachExpression(uri, inner => {
    if (isGet(inner) && typeof inner.Get === 'string' && inner.Get.startsWith('Steps.')) refers = true
    if (isJsonGet(inner))
      report(
        'FW3023',
        place,
        'a Std:JsonGet inside the S3Uri of another one. Only literals, parameters, execution variables and properties can be joined here.',
      )
  })
  const dependsOn = step?.placed.step.DependsOn ?? []
  if (!refers && step !== undefined && dependsOn.length === 0) {
    report(
      'FW3026',
      place,
      'S3Uri refers to no step and the step has no DependsOn, so the file may be read before it is written. Add DependsOn with the step that writes it.',
    )
  }
}

function checkJsonPath(path: unknown, place: string, { report }: Scope): void {
  if (typeof path !== 'string') {
    const found = isExpression(path) ? 'an expression' : show(path)
    report(
      'FW3015',
      place,
      `Path is ${found} where a literal string is expected. The path cannot depend on the run: write it out, or let the step that writes the file put the value under a fixed name.`,
    )
    return
  }
  const verdict = judgeJsonPath(path)
  if (verdict.kind === 'broken')
    report(
      'FW3018',
      place,
      `Path ${show(path)} is no JsonPath: it breaks off at character ${verdict.at + 1}. Names with dots, [0] and ['key'] would be right, such as "objective.folds[0].value".`,
    )
  if (verdict.kind === 'many')
    report(
      'FW3019',
      place,
      `Path ${show(path)} uses ${show(verdict.piece)}, which gives a list, and what the service makes of a list is not known. Name one value.`,
    )
}
