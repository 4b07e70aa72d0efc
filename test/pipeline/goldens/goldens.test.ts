import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { programs } from './programs.ts'

/**
 * Documents that the SageMaker Python SDK wrote (versions in MANIFEST.json). Volatile values are masked in the files
 * themselves (`<uuid4>`, `<timestamp>`, …), and the programs here write the same masks.
 */
const folder = resolve(import.meta.dirname, '../../fixtures/goldens')
const files = ['v2', 'fieldnotes'].flatMap(part => readdirSync(resolve(folder, part)).map(file => `${part}/${file}`))

describe('a document of the SageMaker Python SDK is written again by a program of ours', () => {
  it('every document has its program', () => {
    expect(Object.keys(programs).toSorted()).toEqual(files.toSorted())
  })

  it.each(Object.entries(programs))('%s', (file, { document }) => {
    const golden: unknown = JSON.parse(readFileSync(resolve(folder, file), 'utf8'))
    // Equal whatever the order of members; the order of lists counts.
    expect(JSON.parse(JSON.stringify(document))).toStrictEqual(golden)
  })
})
