import type { Expression, Get, Join, Scalar } from '../../schemas/definition.ts'
import { isJoin } from '../definition/index.ts'
import { type Expr, isExpr, makeExpression } from './expression.ts'
import { mistake, show } from './mistake.ts'

/** A JSON file that a processing step writes and {@link jsonGet} reads; the step makes it from its `propertyFiles`. */
export interface PropertyFile {
  readonly kind: 'foldwise.property-file'
  readonly step: string
  readonly name: string
}

/** Where a JSON file lies in S3, for files that are no property file. */
export interface JsonAtS3 {
  /** The whole S3 URI: text, or a join. The reading step needs `dependsOn` the step that writes the file. */
  readonly s3Uri: string | Expr<string>
}

/** A value whose type only its JSON file knows. */
export interface JsonValue<T extends Scalar = Scalar> extends Expr<T> {
  readonly valueType: 'unknown'
}

/**
 * A value inside a JSON file, read when the pipeline runs (`Std:JsonGet`).
 *
 * @param path Members and positions, such as `regression_metrics.mse.value` or `folds[0].records`; a literal, because
 * the service takes no expression in its place.
 * @typeParam T What the file has there; nothing checks it. @default what the place asks for
 */
export function jsonGet<T extends Scalar = Scalar>(file: PropertyFile | JsonAtS3, path: string): JsonValue<T> {
  if (typeof path !== 'string' || path === '') {
    throw mistake(`jsonGet: path — ${show(path)} is no path; give literal text such as "metrics.accuracy.value".`)
  }
  if ('kind' in file) {
    const property: Get = { Get: `Steps.${file.step}.PropertyFiles.${file.name}` }
    return jsonValue({ 'Std:JsonGet': { PropertyFile: property, Path: path } })
  }
  return jsonValue({ 'Std:JsonGet': { S3Uri: s3Uri(file.s3Uri), Path: path } })
}

const jsonValue = <T extends Scalar>(json: Expression) => makeExpression<T>(json, 'unknown') as JsonValue<T>

/** The service takes a Join or text there, no bare reference. */
function s3Uri(uri: string | Expr<string>): string | Join {
  if (!isExpr(uri)) return uri
  const json: Expression = uri.json
  return isJoin(json) ? json : { 'Std:Join': { On: '', Values: [json] } }
}
