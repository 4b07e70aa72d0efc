import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type ImageQuery, imageUri } from '../../../pipeline/algorithms/image-uri.ts'
import { messageOf } from '../dsl/message-of.ts'

/** What `sagemaker.image_uris.retrieve` of the SageMaker Python SDK 2.257.7 gives. */
const reference = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../fixtures/algorithms/image-uris.json'), 'utf8'),
) as [ImageQuery, string][]

/** What somebody writes who is not held back by the types. */
const loose = (query: unknown) => messageOf(() => imageUri(query as ImageQuery))

describe('imageUri', () => {
  it('gives what the SageMaker Python SDK gives, for every version of every image and regions of all partitions', () => {
    expect(reference.length).toBeGreaterThan(900)
    const different = reference.filter(([query, uri]) => imageUri(query) !== uri)
    expect(different.map(([query, uri]) => ({ query, uri, ours: imageUri(query) }))).toEqual([])
  })

  it('takes the only version, the short form of a version and the newest Python', () => {
    expect(imageUri({ image: 'knn', region: 'us-east-1' })).toBe('382416733822.dkr.ecr.us-east-1.amazonaws.com/knn:1')
    expect(imageUri({ image: 'pytorch', version: '2.5', region: 'eu-west-1', accelerator: 'gpu' })).toBe(
      '763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:2.5.1-gpu-py311',
    )
    expect(imageUri({ image: 'tensorflow', version: '1.15.2', region: 'eu-west-1', accelerator: 'cpu' })).toContain(
      ':1.15.2-cpu-py37',
    )
    expect(imageUri({ image: 'huggingface', version: '4.56', base: 'pytorch2.8', region: 'eu-west-1' })).toBe(
      '763104351884.dkr.ecr.eu-west-1.amazonaws.com/huggingface-pytorch-training:2.8.0-transformers4.56.2-gpu-py312-cu129-ubuntu22.04',
    )
  })

  it('names what there is when something is not there', () => {
    expect(loose({ image: 'xgbost', region: 'us-east-1' })).toMatchInlineSnapshot(
      `"imageUri: image — there is no "xgbost"; there are blazingtext, huggingface, image-classification, knn, linear-learner, pytorch, sklearn, tensorflow, xgboost. Did you mean "xgboost"?"`,
    )
    expect(loose({ image: 'xgboost', region: 'us-east-1' })).toMatchInlineSnapshot(
      `"imageUri: version — xgboost has several, so it must be named; there are 1, 0.90-1, 0.90-2, 1.0-1, 1.2-1, 1.2-2, 1.3-1, 1.5-1, 1.7-1, 3.0-5."`,
    )
    expect(loose({ image: 'sklearn', version: '1.2.1', region: 'us-east-1' })).toMatchInlineSnapshot(
      `"imageUri: version — there is no sklearn "1.2.1"; there are 0.20.0, 0.23-1, 1.0-1, 1.2-1, 1.4-2. Did you mean "1.2-1"?"`,
    )
    expect(loose({ image: 'pytorch', version: '2.5.1', region: 'us-east-1' })).toMatchInlineSnapshot(
      `"imageUri: accelerator — pytorch 2.5.1 has several, so it must be named; there are cpu, gpu."`,
    )
    expect(
      loose({ image: 'sklearn', version: '1.2-1', region: 'us-east-1', accelerator: 'gpu' }),
    ).toMatchInlineSnapshot(`"imageUri: accelerator — sklearn 1.2-1 has no "gpu"; it has cpu. Did you mean "cpu"?"`)
    expect(loose({ image: 'sklearn', version: '1.2-1', region: 'us-east-1', python: 'py39' })).toMatchInlineSnapshot(
      `"imageUri: python — sklearn 1.2-1 has no "py39"; it has py3."`,
    )
    expect(loose({ image: 'sklearn', version: '1.2-1', region: 'us-aest-1' })).toMatchInlineSnapshot(
      `"imageUri: region — "us-aest-1" has no sklearn 1.2-1-cpu-py3; it is in af-south-1, ap-east-1, ap-northeast-1, ap-northeast-2, ap-northeast-3, ap-south-1, ap-south-2, ap-southeast-1, ap-southeast-2, ap-southeast-3, ap-southeast-4, ca-central-1, ca-west-1, cn-north-1, cn-northwest-1, eu-central-1, eu-central-2, eu-north-1, eu-south-1, eu-south-2, eu-west-1, eu-west-2, eu-west-3, il-central-1, me-central-1, me-south-1, sa-east-1, us-east-1, us-east-2, us-gov-east-1, us-gov-west-1, us-iso-east-1, us-isob-east-1, us-isof-east-1, us-isof-south-1, us-west-1, us-west-2. Did you mean "us-east-1"?"`,
    )
    expect(loose({ image: 'huggingface', version: '4.6.1', region: 'us-east-1' })).toMatchInlineSnapshot(
      `"imageUri: base — huggingface 4.6.1 has several, so it must be named; there are pytorch1.6.0, pytorch1.7.1, pytorch1.8.1, tensorflow2.4.1."`,
    )
  })

  it.each(['constructor', '__proto__', 'toString'])('does not take the name "%s" from the prototype', name => {
    expect(loose({ image: name, region: 'us-east-1' })).toContain('imageUri: image')
    expect(loose({ image: 'knn', version: name, region: 'us-east-1' })).toContain('imageUri: version')
    expect(loose({ image: 'knn', region: name })).toContain('imageUri: region')
  })
})
