import { createReadStream } from 'node:fs'
import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { unpackTar } from 'modern-tar/fs'
import { placePath } from '../place-paths.ts'
import { type ContainerPlace, RuntimeRefusal, type RuntimeTools } from '../runtime.ts'

/**
 * Brings the code of script mode to a folder: an archive `s3://…/sourcedir.tar.gz`, an archive in the sandbox (as the channel
 * `code` brings it), or a folder of it.
 *
 * @returns The folder; with a folder as the source that one.
 * @throws RuntimeRefusal for a source that is not there, or that cannot be unpacked, or that would leave the folder.
 */
export async function unpackUserCode(source: string, place: ContainerPlace, tools: RuntimeTools): Promise<string> {
  const target = join(place.ml, 'code')
  const local = placePath(source, place)
  if (!source.startsWith('s3://') && (await stat(local).catch(() => undefined))?.isDirectory()) return local
  const archive = source.startsWith('s3://')
    ? await tools.readObject(source)
    : local === source
      ? undefined
      : createReadStream(local)
  if (archive === undefined) {
    throw new RuntimeRefusal(
      `The hyperparameter sagemaker_submit_directory is ${JSON.stringify(source)} — there is no such object — upload the code as a tar.gz and name its S3 URI.`,
    )
  }
  await mkdir(target, { recursive: true })
  try {
    await pipeline(archive, createGunzip(), unpackTar(target))
  } catch (cause) {
    throw new RuntimeRefusal(
      `The code ${source} cannot be unpacked: ${cause instanceof Error ? cause.message : String(cause)} — it must be a tar.gz whose entries stay inside of it.`,
    )
  }
  return target
}
