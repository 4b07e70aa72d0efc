// Stands in for every image of the golden definitions: does the least of what the job's contract asks for.
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const ml = process.env['SAGEMAKER_BASE_DIR'] ?? '/opt/ml'
const processing = join(ml, 'config/processingjobconfig.json')
const folds = ['0', '1', '2', '3', '4']
const report = JSON.stringify({ objective: { mean: 0.97 }, m: { v: 0.9 } })

if (existsSync(processing)) {
  const config = JSON.parse(await readFile(processing, 'utf8'))
  for (const { S3Output } of config.ProcessingOutputConfig?.Outputs ?? []) {
    const folder = S3Output.LocalPath.replace(/^\/opt\/ml/, ml)
    for (const part of ['.', ...folds.flatMap(fold => [`${fold}/train`, `${fold}/validation`])]) {
      await mkdir(join(folder, part), { recursive: true })
      await writeFile(join(folder, part, 'data.csv'), '1,2\n')
    }
    for (const name of ['report.json', 'e.json']) await writeFile(join(folder, name), report)
  }
} else {
  console.log('validation accuracy: 0.97')
  await writeFile(join(ml, 'model/model.bin'), 'model')
}
