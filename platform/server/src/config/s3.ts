// The variables of the bucket for uploads: what they make, and what no variable of them shows alone. Their
// forms are schema.ts.
import type { Config, ConfigProblem } from './config.ts';
import type { Environment } from './schema.ts';

export function s3Of(environment: Environment): Pick<Config, 's3'> {
  const {
    S3_BUCKET: bucket,
    S3_ENDPOINT: endpoint,
    S3_REGION: region,
    S3_ACCESS_KEY_ID: accessKeyId,
    S3_SECRET_ACCESS_KEY: secretAccessKey,
    S3_FORCE_PATH_STYLE: forcePathStyle,
    S3_PRESIGN: presign,
  } = environment;
  if (bucket === undefined) return {};
  return {
    s3: {
      bucket,
      endpoint,
      region,
      forcePathStyle: forcePathStyle === undefined ? endpoint !== undefined : forcePathStyle === 'on',
      presign: presign === 'on',
      credentials:
        accessKeyId === undefined || secretAccessKey === undefined ? undefined : { accessKeyId, secretAccessKey },
    },
  };
}

/** Of the raw values, also where others are wrong. */
export function s3Problems(values: Readonly<Record<string, string>>): ConfigProblem[] {
  const [id, secret] = ['S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'];
  if (id in values === secret in values) return [];
  const [missing, given] = id in values ? [secret, id] : [id, secret];
  return [{ variable: missing, reason: `is needed because ${given} is set: both or none` }];
}

/** Variables without a bucket, and a cluster without one. */
export function s3Warnings(environment: Environment, given: ReadonlySet<string>): ConfigProblem[] {
  if (environment.S3_BUCKET !== undefined) return [];
  const warnings = [...given]
    .filter((variable) => variable.startsWith('S3_') && variable in environment)
    .map((variable) => ({ variable, reason: 'has no effect: S3_BUCKET is not set' }));
  if (environment.MONGODB_URL !== undefined) {
    const reason =
      'is not set: uploads are in the folder uploads of DATA_DIR, which has to be the same one on all nodes';
    warnings.push({ variable: 'S3_BUCKET', reason });
  }
  return warnings;
}
