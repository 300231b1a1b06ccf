// Whether the bucket of uploads can be used.
import type { Parts } from '../../compose/parts.ts';
import type { Config } from '../../config/config.ts';
import type { Check } from './check.ts';

export async function checkBucket(
  { s3, cluster, dataDir }: Pick<Config, 's3' | 'cluster' | 'dataDir'>,
  { lookAtBucket }: Pick<Parts, 'lookAtBucket'>,
): Promise<Check[]> {
  const name = 'uploads';
  if (s3 === undefined) {
    const detail = `files are kept in ${dataDir}/uploads`;
    if (cluster === undefined) return [{ name, state: 'ok', detail }];
    const advice = 'give all nodes this folder over the network, or set S3_BUCKET: each file is on one node otherwise';
    return [{ name, state: 'warning', detail, advice }];
  }
  const found = await lookAtBucket(s3);
  if (found.state === 'there') return [{ name, state: 'ok', detail: `the bucket ${s3.bucket} can be used` }];
  const detail = `the bucket ${s3.bucket}: ${found.reason}`;
  const advice =
    found.state === 'refused'
      ? 'mend S3_BUCKET, S3_REGION or the credentials'
      : 'see that S3_ENDPOINT is right and its server runs; until then there are no uploads';
  return [{ name, state: found.state === 'refused' ? 'problem' : 'warning', detail, advice }];
}
