import { execution } from 'foldwise'

export const role = 'arn:aws:iam::111122223333:role/SageMakerRole'
export const trainImage = '111122223333.dkr.ecr.us-west-2.amazonaws.com/svm-train:latest'
export const nodeImage = '111122223333.dkr.ecr.us-west-2.amazonaws.com/kfold-node:latest'
export const sklearnImage = '246618743249.dkr.ecr.us-west-2.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3'
export const pytorchImage = '763104351884.dkr.ecr.us-west-2.amazonaws.com/pytorch-inference:2.1-cpu-py310'
export const monitorImage = '159807026194.dkr.ecr.us-west-2.amazonaws.com/sagemaker-model-monitor-analyzer'
export const clarifyImage = '306415355426.dkr.ecr.us-west-2.amazonaws.com/sagemaker-clarify-processing:1.0'

/** What the SageMaker Python SDK writes when the program says nothing of experiments. */
export const experiment = { name: execution.PipelineName, trial: execution.PipelineExecutionId }
