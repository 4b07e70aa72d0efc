import { emrStep, failStep, join, pipeline, string } from 'foldwise'
import { experiment, role } from './shared.ts'

export default pipeline('c14-emr', { parameters: { ClusterId: string('j-1') }, metadata: {}, experiment }, p => {
  const existing = emrStep('Existing', {
    arguments: {
      StepConfig: {
        HadoopJarStep: {
          Jar: 's3://my-bucket/a.jar',
          Args: ['--a', p.ClusterId],
          MainClass: 'com.x.Main',
          Properties: [{ Key: 'k', Value: 'v' }],
        },
      },
      ClusterId: p.ClusterId,
      ExecutionRoleArn: role,
    },
    displayName: 'dn',
    description: 'dd',
    cache: { expireAfter: 'P30D' },
    retry: [{ on: ['Step.SERVICE_FAULT', 'Step.THROTTLING'], intervalSeconds: 1, backoffRate: 2, maxAttempts: 5 }],
  })
  const newCluster = emrStep('NewCluster', {
    arguments: {
      StepConfig: { HadoopJarStep: { Jar: 'x.jar' } },
      ClusterConfig: {
        Instances: {
          InstanceGroups: [
            { Name: 'Master', InstanceRole: 'MASTER', InstanceCount: 1, InstanceType: 'm1.small', Market: 'ON_DEMAND' },
          ],
          InstanceCount: 1,
          HadoopVersion: 'MyHadoopVersion',
        },
        BootstrapActions: [],
        ReleaseLabel: 'emr-6.6.0',
        JobFlowRole: 'jfr',
        ServiceRole: 'sr',
      },
    },
    dependsOn: [existing],
    displayName: 'dn2',
    description: 'dd2',
  })
  const f = failStep('F', {
    message: join(',', [existing.properties.Name, existing.properties.Status.State, existing.properties.Config.Jar]),
  })
  return [existing, newCluster, f]
})
