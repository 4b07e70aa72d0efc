import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { BIND_HOST_VARIABLE, svmContainer } from '../schemas/containers.ts'
import { optMl } from '../schemas/opt-ml.ts'
import { isUserError, UserError } from '../schemas/problem.ts'
import { svmModelSchema } from './model-file.ts'
import { createPredictor, type Predictor } from './predictor.ts'

/** Source: SageMaker Runtime API reference, InvokeEndpoint: at most 25 MB; batch transform sends up to 100 MB. */
const bodyLimitBytes = 100 * 1024 * 1024

/** A request that cannot be answered, with its HTTP status. */
class Refusal extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/**
 * Serves the model of `<root>/model` as SageMaker's hosting expects it: `GET /ping` answers 200; `POST /invocations` takes
 * CSV records without their label and answers one class per line.
 *
 * @returns the listening server
 * @throws UserError when there is no model, or it is no model of ours
 */
export async function serve(root: string, environment: NodeJS.ProcessEnv = process.env): Promise<Server> {
  const predictor = await loadPredictor(join(root, optMl.model, svmContainer.modelFile))
  const server = createServer((request, response) => {
    answer(predictor, request, response).catch((error: unknown) => {
      const status = error instanceof Refusal ? error.status : isUserError(error) ? 400 : 500
      if (status === 500) console.error(error)
      response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' })
      response.end(`${error instanceof Error ? error.message : String(error)}\n`)
    })
  })
  const host = environment[BIND_HOST_VARIABLE]
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(
      { port: Number(environment['SAGEMAKER_BIND_TO_PORT'] ?? 8080), ...(host !== undefined && { host }) },
      resolve,
    )
  })
  return server
}

async function loadPredictor(path: string): Promise<Predictor> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new UserError(`${path}: the model cannot be read — give the model the model.tar.gz of a training job.`, {
      cause,
    })
  })
  try {
    return createPredictor(svmModelSchema.parse(JSON.parse(text)))
  } catch (cause) {
    throw new UserError(`${path}: this is not a model that Foldwise's SVM trainer wrote.`, { cause })
  }
}

async function answer(predictor: Predictor, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url?.replace(/\?.*$/, '')
  if (path === '/ping' && request.method === 'GET') {
    response.end()
    return
  }
  if (path !== '/invocations' || request.method !== 'POST')
    throw new Refusal(404, 'There are GET /ping and POST /invocations.')
  const type = (request.headers['content-type'] ?? 'text/csv').replace(/;.*$/, '').trim().toLowerCase()
  if (type !== 'text/csv') throw new Refusal(415, `The content type ${type} is not supported: send text/csv.`)
  const labels = predictor.predictCsv(await readText(request))
  response.writeHead(200, { 'content-type': 'text/csv; charset=utf-8' })
  response.end(labels.map(label => `${quoted(label)}\n`).join(''))
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength
    if (bytes > bodyLimitBytes) throw new Refusal(413, `The request is larger than ${bodyLimitBytes} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

const quoted = (label: string): string => (/[",\r\n]/.test(label) ? `"${label.replaceAll('"', '""')}"` : label)
