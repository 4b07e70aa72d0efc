import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { hashFoldsProgram } from '../../../processing/spark/hash-folds-program.ts'
import { verifyFolds } from '../../../processing/split/verify-folds.ts'
import { folderFiles } from '../../../processing/split/verify/fold-files.ts'
import { caseFolder, readTree, removeCases } from '../split/split-case.ts'
import type { DataFiles } from '../split/split-case.ts'

afterEach(removeCases)

/** spark-submit of SPARK_HOME, of PATH, or of the environment that the checks make. */
function findSpark(): string | undefined {
  const { SPARK_HOME: home, PATH = '' } = process.env
  const folders = [...(home === undefined ? [] : [join(home, 'bin')]), ...PATH.split(delimiter), '.venv/spark/bin']
  return folders.map(folder => join(folder, 'spark-submit')).find(file => existsSync(file))
}

const spark = findSpark()
const { JAVA_HOME: javaHome } = process.env
const javaProgram = javaHome === undefined ? 'java' : join(javaHome, 'bin/java')
const java = spawnSync(javaProgram, ['-version']).status === 0
const canRun = spark !== undefined && java
if (!canRun)
  console.warn(
    `The Spark program is not run here: ${java ? 'no spark-submit in SPARK_HOME, on PATH or in .venv/spark' : 'there is no java'}. Its hash is tested with vectors of Spark in keyed-folds.test.ts.`,
  )

function runSpark(data: DataFiles, args: readonly string[]) {
  const root = caseFolder(data)
  const program = join(root, 'hash_folds.py')
  writeFileSync(program, hashFoldsProgram)
  mkdirSync(join(root, 'home'))
  const loopback = ['spark.ui.enabled=false', 'spark.driver.bindAddress=127.0.0.1', 'spark.driver.host=127.0.0.1']
  const places = ['--input', join(root, 'data'), '--output', join(root, 'out')]
  const { status, stdout, stderr } = spawnSync(
    spark as string,
    ['--master', 'local[2]', ...loopback.flatMap(conf => ['--conf', conf]), program, ...places, ...args],
    {
      encoding: 'utf8',
      env: {
        // A Spark of a Python package asks the python3 beside it where it lies.
        PATH: [dirname(spark as string), process.env['PATH']].join(delimiter),
        HOME: join(root, 'home'),
        SPARK_LOCAL_IP: '127.0.0.1',
        SPARK_LOCAL_DIRS: join(root, 'home'),
        LANG: 'C.UTF-8',
        ...(javaHome === undefined ? {} : { JAVA_HOME: javaHome }),
      },
    },
  )
  // spark-submit gives a Python program one stream for both.
  return { status, output: stdout + stderr, root }
}

/** The manifests of a local run name a folder of this machine, where AWS has an S3 URI. */
const otherProblems = (problems: readonly string[]) => problems.filter(problem => !problem.includes(' is no S3 URI '))

const rows = Array.from({ length: 240 }, (_, i) => {
  const quoted = i % 7 === 0 ? `"${'é☃'.repeat(i % 3)}, ""x"" ${i}"` : `n${i}`
  return `${i},${quoted},${i % 3 === 0 ? 'a' : 'b'}\n`
})

describe.runIf(canRun)('the Spark program', { timeout: 300_000 }, () => {
  test('gives every record the fold that foldwise split gives it', async () => {
    const header = 'id,name,class\n'
    const data = {
      'a.csv': header + rows.slice(0, 90).join(''),
      'b.csv': header + rows.slice(90).join(''),
      'c.csv': header,
    }
    const seed = ['--seed', '4000000000', '--header', '--label', 'class']
    const { status, output, root } = runSpark(data, ['--k', '4', '--key', 'name', ...seed])
    expect(status, output).toBe(0)
    expect(output).toContain('240 records in 4 folds, certificate ')
    const { problems, promises, report } = await verifyFolds(folderFiles(join(root, 'out')), {
      input: join(root, 'data'),
    })
    expect(otherProblems(problems)).toEqual([])
    expect(promises.find(({ name }) => name === 'inputs')).toMatchObject({ state: 'kept' })
    expect(promises.find(({ name }) => name === 'duplicates')).toMatchObject({ state: 'kept' })
    expect(report).toMatchObject({ records: 240, classes: { a: 80, b: 160 }, digestAlgorithm: 'sha256' })
    // A check that cannot fail is none: a record in another fold is seen.
    const [name = ''] = [...readTree(join(root, 'out/validation/0')).keys()]
    const path = join(root, 'out/validation/0', name)
    writeFileSync(path, readFileSync(path, 'utf8').replace(/^[^\n]*\n/, `${rows.at(-1)}`))
    const tampered = await verifyFolds(folderFiles(join(root, 'out')), { input: join(root, 'data') })
    expect(tampered.problems).toContain('validation/0 holds other records than those that the inputs give')
  })

  test('the same of JSON lines', async () => {
    const lines = rows.map((_, i) => `{"id": ${i}, "user": {"a": 1}, "name": "n\\u00e9 ${i % 50}"}\n`).join('')
    const { status, output, root } = runSpark({ 'a.jsonl': lines }, ['--k', '3', '--key', 'name', '--format', 'jsonl'])
    expect(status, output).toBe(0)
    const { problems, promises } = await verifyFolds(folderFiles(join(root, 'out')), { input: join(root, 'data') })
    expect(otherProblems(problems)).toEqual([])
    expect(promises.find(({ name }) => name === 'inputs')).toMatchObject({ state: 'kept' })
  })

  test.each<[string, string, readonly string[], RegExp]>([
    ['a record of several lines', 'id,name\n1,"x\ny"\n', ['--header'], /a quoted field goes over the line end/],
    [
      'a column that is not there',
      'id,title\n1,a\n2,b\n',
      ['--header'],
      /there is no column "name" - the columns are id, title/,
    ],
  ])('%s is refused with a sentence, and nothing is written', (_, content, more, sentence) => {
    const { status, output, root } = runSpark({ 'a.csv': content }, ['--k', '2', '--key', 'name', ...more])
    expect(status).toBe(1)
    expect(output).toMatch(sentence)
    expect(existsSync(join(root, 'out'))).toBe(false)
  })
})
