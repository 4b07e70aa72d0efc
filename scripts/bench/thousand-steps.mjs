// A pipeline of 1000 steps, built, judged and written in a fresh process after the library is loaded; and all of `foldwise validate`
// beside it. Each run is a process of its own, so that nothing is warm. Usage: node scripts/bench/thousand-steps.mjs [runs=9]
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const self = fileURLToPath(import.meta.url)
const stepCount = 1000
const targetMs = 300

if (process.argv[2] === '--once') console.log(JSON.stringify(await once()))
else compare(Number(process.argv[2] ?? 9))

function compare(runs) {
  const results = []
  for (let run = 0; run < runs; run++) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [self, '--once'], { encoding: 'utf8' })
    if (status !== 0) throw new Error(`the measured process ended with ${status}: ${stderr}`)
    results.push(JSON.parse(stdout))
  }
  const sorted = name => results.map(result => result[name]).sort((a, b) => a - b)
  const row = (label, name) => {
    const times = sorted(name)
    console.log(`| ${label} | ${times[Math.floor(runs / 2)].toFixed(0)} | ${times[0].toFixed(0)} |`)
  }
  // The best run says what the work costs, the median what the machine lets through.
  console.log(`| ${stepCount} steps, fresh process, library loaded | median ms | best ms |\n|---|--:|--:|`)
  for (const name of ['build', 'serialise', 'validate', 'all']) row(name, name)
  row('all, time of the processor', 'cpu')
  const met = results.filter(({ all }) => all < targetMs).length
  console.log(
    `\ntarget: all in under ${targetMs} ms, as in ${met} of ${runs} runs; ${results[0].steps} steps, ${results[0].bytes} bytes`,
  )
}

async function once() {
  const foldwise = await import('../../dist/index.mjs')
  const { validateDefinition } = await import('../../dist/validate.mjs')
  const { renderDefinition } = await import('../../dist/definition.mjs')
  const cpu = process.cpuUsage()
  const marks = [performance.now()]
  const mark = () => marks.push(performance.now())
  const { document, name, origins } = build(foldwise)
  mark()
  const text = renderDefinition(document, 0)
  mark()
  const problems = validateDefinition(document, { text, origins, pipeline: { name } })
  mark()
  const { user, system } = process.cpuUsage(cpu)
  const bad = problems.filter(({ severity }) => severity === 'error')
  if (bad.length > 0) throw new Error(`the judge has found: ${bad.map(({ message }) => message).join('\n')}`)
  const [start, built, written, judged] = marks
  return {
    build: built - start,
    serialise: written - built,
    validate: judged - written,
    all: judged - start,
    cpu: (user + system) / 1000,
    steps: document.Steps.length,
    bytes: Buffer.byteLength(text),
  }
}

/** A preparation, then trainings, each with references to it and to an earlier training. */
function build({ pipeline, string, integer, processingStep, trainingStep }) {
  const parameters = { Role: string('arn:aws:iam::111122223333:role/R'), Epochs: integer(3) }
  return pipeline('Thousand', { parameters }, p => {
    const prepare = processingStep('Prepare', {
      image: '111122223333.dkr.ecr.us-east-1.amazonaws.com/prepare:1',
      role: p.Role,
      instance: 'ml.m5.large',
      inputs: { raw: { uri: 's3://bucket-of-mine/raw/', path: '/opt/ml/processing/raw' } },
      outputs: { train: { uri: 's3://bucket-of-mine/train', path: '/opt/ml/processing/train' } },
    })
    const data = prepare.properties.ProcessingOutputConfig.Outputs
    const steps = [prepare]
    for (let index = 1; index < stepCount; index++) {
      const earlier = steps[index - 10]
      steps.push(
        trainingStep(`Train-${index}`, {
          image: '111122223333.dkr.ecr.us-east-1.amazonaws.com/train:1',
          role: p.Role,
          instance: 'ml.m5.large',
          channels: {
            train: { uri: data['train'].S3Output.S3Uri, contentType: 'text/csv' },
            ...(index % 4 === 3 && index > 10 && { model: earlier.properties.ModelArtifacts.S3ModelArtifacts }),
          },
          hyperparameters: { epochs: p.Epochs, eta: 0.1, index },
          metrics: { 'validation:accuracy': 'accuracy=([0-9.]+)' },
          output: 's3://bucket-of-mine/models',
        }),
      )
    }
    return steps
  })
}
