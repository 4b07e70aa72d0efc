import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import {
  aggregateContainer,
  functionContainer,
  chooseContainer,
  repackContainer,
  splitContainer,
  svmContainer,
} from '../../schemas/containers.ts'

const dockerfile = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../${name}`, import.meta.url)), 'utf8')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'))

/** What COPY takes the contents of, and the folder where it puts them. */
const chunks = 'COPY dist/containers/chunks /opt/foldwise/chunks/'

/** Files that COPY puts into the image, by their place there. */
function copied(lines: readonly string[]): string[] {
  return lines
    .filter(line => line.startsWith('COPY ') && line !== chunks)
    .flatMap(line => {
      const [, ...paths] = line.split(/\s+/)
      const target = paths.at(-1) ?? ''
      return paths.slice(0, -1).map(source => (target.endsWith('/') ? target + source.split('/').at(-1) : target))
    })
}

const entrypoint = (lines: readonly string[]): unknown =>
  JSON.parse(lines.find(line => line.startsWith('ENTRYPOINT '))?.slice('ENTRYPOINT '.length) ?? 'null')

describe('the Dockerfiles and the contract of the containers', () => {
  it('puts the trainer where the contract says and starts it in exec form', () => {
    const lines = dockerfile('Dockerfile.training')
    expect(copied(lines)).toEqual([svmContainer.entrypoint[1]])
    expect(entrypoint(lines)).toEqual(svmContainer.entrypoint)
  })

  it('puts the splitter, the aggregation, the runner of functions and the packer of models where the contract says', () => {
    const lines = dockerfile('Dockerfile.processing')
    expect(copied(lines)).toEqual(
      [splitContainer, aggregateContainer, chooseContainer, functionContainer, repackContainer].map(
        ({ entrypoint: [, file] }) => file,
      ),
    )
    expect(entrypoint(lines)).toEqual(splitContainer.entrypoint)
  })

  it('puts beside the splitter what it loads', () => {
    expect(dockerfile('Dockerfile.processing')).toContain(chunks)
    const program = readFileSync(fileURLToPath(new URL('../../dist/containers/split.mjs', import.meta.url)), 'utf8')
    const loaded = [...program.matchAll(/(?:from|import\()\s*"(\.[^"]+)"/g)].map(([, path]) => path)
    expect(loaded.length).toBeGreaterThan(0)
    expect(loaded.filter(path => !path?.startsWith('./chunks/'))).toEqual([])
  })

  it.each(['Dockerfile.training', 'Dockerfile.processing'])('%s pins the version of its base image', name => {
    expect(dockerfile(name)[0]).toMatch(/^FROM node:22\.\d+\.\d+-bookworm-slim$/)
  })
})
