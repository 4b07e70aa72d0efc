import type { Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import { packTar, type TarSource } from 'modern-tar/fs'
import { ClientFault } from './step-fault.ts'
import { filesBelow } from './upload-folder.ts'

/**
 * The files of several hosts' folders as a `tar.gz` stream: the same files give the same bytes, whoever made them when.
 *
 * @throws ClientFault when two hosts wrote a file of the same name.
 */
export async function archiveFolders(folders: readonly string[]): Promise<Readable> {
  const seen = new Set<string>()
  const sources: TarSource[] = []
  for (const folder of folders) {
    for (const { file, path } of await filesBelow(folder)) {
      if (seen.has(path))
        throw new ClientFault(`Upload failed: two hosts wrote ${path} — let every host write names of its own`)
      seen.add(path)
      sources.push({
        type: 'file',
        source: file,
        target: path,
        mtime: new Date(0),
        uid: 0,
        gid: 0,
        uname: '',
        gname: '',
        mode: 0o644,
      })
    }
  }
  const tar = packTar(sources)
  const gzip = createGzip()
  tar.on('error', error => gzip.destroy(error))
  return tar.pipe(gzip)
}
