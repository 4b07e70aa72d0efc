import { failStep, lineageStep, pipeline, string } from 'foldwise'
import { experiment } from './shared.ts'

export default pipeline(
  'c22-lineage',
  { parameters: { Uri: string('s3://my-bucket/x') }, metadata: {}, experiment },
  p => {
    const l = lineageStep('L', {
      arguments: {
        Actions: [{ ActionName: 'a', ActionType: 't', Source: { SourceUri: p.Uri } }],
        Artifacts: [{ ArtifactName: 'art', ArtifactType: 'DataSet', Source: { SourceUri: p.Uri } }],
        Contexts: [{ ContextName: 'c', ContextType: 't', Source: { SourceUri: p.Uri } }],
        Associations: [
          {
            Source: { Name: 'a', Type: 'Action' },
            Destination: { Name: 'art', Type: 'Artifact' },
            AssociationType: 'Produced',
          },
        ],
      },
    })
    const f = failStep('F', { message: 'x', dependsOn: [l] })
    return [l, f]
  },
)
