import type { Scalar } from '../../schemas/definition.ts'
import type { Expr } from '../dsl/expression.ts'
import { jsonGet, type JsonValue, type PropertyFile } from '../dsl/json-get.ts'

/**
 * What a step's JSON result has, by the type of the result: `.member` and `[0]` lead down, every leaf is a value for
 * other steps. Members named like those of an expression (`kind`, `json`, `valueType`) are read with `jsonGet`.
 */
export type ResultRef<T> = 0 extends 1 & T
  ? JsonValue
  : [NonNullable<T>] extends [Scalar]
    ? [NonNullable<T>] extends [boolean]
      ? JsonValue<boolean>
      : JsonValue<NonNullable<T> & Scalar>
    : unknown extends T
      ? JsonValue
      : T extends Date
        ? JsonValue<string>
        : T extends readonly (infer E)[]
          ? { readonly [position: number]: ResultRef<E> }
          : T extends object
            ? { readonly [K in Exclude<keyof T, keyof Expr<unknown>>]-?: ResultRef<NonNullable<T[K]>> }
            : never

/** What every expression answers itself, so that each place of the result is an expression too. */
const own = new Set(['kind', 'json', 'valueType', 'toString', 'toLocaleString', 'valueOf', 'toJSON', 'then'])

/**
 * References into a JSON file, collected as they are read.
 *
 * @param path Where the result lies in the file.
 */
export function referResult<T>(file: PropertyFile, path: string): ResultRef<T> {
  const here = jsonGet(file, path)
  return new Proxy(here, {
    get: (target, key, receiver) =>
      typeof key === 'symbol' || own.has(key)
        ? (Reflect.get(target, key, receiver) as unknown)
        : referResult(file, `${path}${pathStep(key)}`),
  }) as unknown as ResultRef<T>
}

function pathStep(key: string): string {
  if (/^\d+$/.test(key)) return `[${key}]`
  return /^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `['${key.replace(/[\\']/g, '\\$&')}']`
}
