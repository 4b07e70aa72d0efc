// Stands in for every image of the golden definitions: does the least of what the job's contract asks for.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'

const ml = process.env['SAGEMAKER_BASE_DIR'] ?? '/opt/ml'
const processing = join(ml, 'config/processingjobconfig.json')
const folds = ['0', '1', '2', '3', '4']
const report = JSON.stringify({
  objective: { mean: 0.97 },
  m: { v: 0.9 },
  multiclass_classification_metrics: { accuracy: { value: 0.97 } },
})

if (process.argv.includes('serve')) {
  createServer((request, response) => {
    let body = ''
    request.on('data', chunk => (body += String(chunk)))
    request.on('end', () => response.end(body))
  }).listen(Number(process.env['SAGEMAKER_BIND_TO_PORT']), '127.0.0.1')
} else if (existsSync(processing)) {
  const config = JSON.parse(readFileSync(processing, 'utf8'))
  for (const { S3Output } of config.ProcessingOutputConfig?.Outputs ?? []) {
    const folder = S3Output.LocalPath.replace(/^\/opt\/ml/, ml)
    for (const part of ['.', 'all', ...folds.flatMap(fold => [`${fold}/train`, `${fold}/validation`])]) {
      mkdirSync(join(folder, part), { recursive: true })
      writeFileSync(join(folder, part, 'data.csv'), '1,2\n')
    }
    for (const name of ['report.json', 'e.json', 'evaluation.json']) writeFileSync(join(folder, name), report)
  }
} else {
  console.log('validation accuracy: 0.97\nvalidation:auc=0.97;\nm=0.97;')
  writeFileSync(join(ml, 'model/model.bin'), 'model')
}
