import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { splitContainer } from '../../schemas/containers.ts'
import { optMl, optMlRoot, processingJobConfigSchema } from '../../schemas/opt-ml.ts'
import { isUserError, UserError } from '../../schemas/problem.ts'
import { splitFlagName, splitFlags } from '../../schemas/split-options.ts'
import type { SplitOptions } from '../../schemas/split-options.ts'
import { parseSplitOptions } from './parse-options.ts'
import type { SplitFlagValues } from './parse-options.ts'
import { mapOutputs } from './output-folders.ts'
import { splitData } from './split-data.ts'
import type { SplitIo, SplitProgress } from './split-io.ts'
import { splitOverHosts } from './hosts/split-over-hosts.ts'
import { joinHosts } from '../hosts/host-exchange.ts'
import type { HostExchange } from '../hosts/host-exchange.ts'
import { readJobHosts } from '../hosts/job-hosts.ts'
import { platformPath, writeExitMessage } from '../platform.ts'

const interrupted = new AbortController()
let hosts: HostExchange | null = null
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort())

try {
  const options = parseSplitOptions(readFlags(process.argv.slice(2)))
  const { s3Uri, dataUri } = jobUris()
  hosts = await joinJob()
  const io: SplitIo = {
    input: platformPath(splitContainer.inputs.data),
    output: mapOutputs(name => platformPath(splitContainer.outputs[name])),
    ...(s3Uri === undefined ? {} : { s3Uri }),
    ...(dataUri === undefined ? {} : { dataUri }),
    generator: `foldwise ${process.env['FOLDWISE_VERSION'] ?? ''}`.trim(),
    onProgress: progressLines(line => process.stderr.write(`${line}\n`)),
    signal: interrupted.signal,
  }
  const report = await (hosts === null ? splitData(options, io) : splitOverHosts(options, io, hosts))
  for (const warning of report.warnings) process.stderr.write(`warning: ${warning}\n`)
  process.stderr.write(
    `${report.records} records in ${report.folds.length} folds, certificate ${report.certificate.digest}\n`,
  )
} catch (error) {
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(`${isUserError(error) ? message : String(error instanceof Error ? error.stack : error)}\n`)
  writeExitMessage(message)
  process.exitCode = 1
  await hosts?.fail(message)
} finally {
  await hosts?.close()
}

/** The other hosts of a job that has several. */
async function joinJob(): Promise<HostExchange | null> {
  const job = readJobHosts()
  return job === null ? null : await joinHosts(job, { signal: interrupted.signal })
}

function readFlags(args: string[]): SplitFlagValues {
  try {
    const options = Object.fromEntries(
      (Object.keys(splitFlags) as (keyof SplitOptions)[]).map(name => [
        splitFlagName(name),
        { type: splitFlags[name].type },
      ]),
    )
    return parseArgs({ args, options }).values
  } catch (error) {
    throw new UserError((error as Error).message, { exitCode: 2 })
  }
}

/** Where the platform will upload the output `validation`, and where the input `data` comes from. */
function jobUris(): { readonly s3Uri?: string | undefined; readonly dataUri?: string | undefined } {
  const path = join(optMlRoot(), optMl.processingJobConfig)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw error
  }
  const config = processingJobConfigSchema.safeParse(JSON.parse(text))
  if (!config.success)
    throw new UserError(`${path} — not a processing job's configuration — ${config.error.issues[0]?.message}`)
  const { ProcessingInputs: inputs, ProcessingOutputConfig: outputs } = config.data
  return {
    s3Uri: outputs?.Outputs.find(({ OutputName }) => OutputName === 'validation')?.S3Output.S3Uri,
    dataUri: inputs?.find(({ InputName }) => InputName === 'data')?.S3Input?.S3Uri,
  }
}

/** A line at the start of each phase and then every tenth of it: enough for a log, also at 100 GB. */
function progressLines(print: (line: string) => void): (progress: SplitProgress) => void {
  let last = ''
  return ({ phase, bytes, total }) => {
    const line = `${phase} ${total === 0 ? 100 : Math.floor((10 * bytes) / total) * 10} % of ${total} bytes`
    if (line !== last) print(line)
    last = line
  }
}
