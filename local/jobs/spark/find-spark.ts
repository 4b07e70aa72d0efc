import { accessSync, constants } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

/** `spark-submit` of this machine and what it may need of the caller's environment. */
export interface SparkProgram {
  readonly file: string
  readonly environment: Readonly<Record<string, string>>
}

const passedOn = ['JAVA_HOME', 'SPARK_HOME', 'PYSPARK_PYTHON']

/** Looks in `$SPARK_HOME/bin` and on PATH; undefined when Spark is not installed. */
export function findSpark(environment: NodeJS.ProcessEnv = process.env): SparkProgram | undefined {
  const { SPARK_HOME: home, PATH: path = '' } = environment
  const folders = [...(home === undefined ? [] : [join(home, 'bin')]), ...path.split(delimiter)]
  const file = folders
    .filter(folder => folder !== '')
    .map(folder => join(folder, 'spark-submit'))
    .find(isProgram)
  if (file === undefined) return undefined
  const own = passedOn.flatMap(name => (environment[name] === undefined ? [] : [[name, environment[name]] as const]))
  // A Spark of a Python package asks the python3 beside it where it lies.
  return { file, environment: { PATH: [dirname(file), path].join(delimiter), ...Object.fromEntries(own) } }
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
