// Where uploads are kept, on either engine: in a bucket where one is configured, else in the data folder.

import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { createDiskBlobs } from '../drivers/blobs/disk/create-disk-blobs.ts';
import { S3Blobs } from '../drivers/blobs/s3/s3-blobs.ts';
import type { BlobDriver } from '../ports/blobs.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { StartProblem } from './start-problem.ts';

/** In the data folder. */
export const uploadsFolder = 'uploads';

/**
 * Throws StartProblem for what the operator has to mend. A bucket that is not reached is no such thing: it
 * may be back soon, and everything but uploads works meanwhile.
 */
export async function openBlobs(
  config: Pick<Config, 's3' | 'cluster' | 'dataDir' | 'limits'>,
  { clock, log }: { clock: Clock; log: Log },
): Promise<BlobDriver> {
  return config.s3 === undefined ? await openFolder() : await openBucket(config.s3);

  async function openBucket(address: NonNullable<Config['s3']>): Promise<BlobDriver> {
    const { bucket } = address;
    const blobs = new S3Blobs({ address, clock });
    const found = await blobs.look();
    if (found.state === 'refused') {
      await blobs.close();
      throw new StartProblem([{ variable: 'S3_BUCKET', reason: `${bucket} cannot be used: ${found.reason}` }]);
    }
    if (found.state === 'unreachable') log.warn('bucket of uploads not reached', { bucket, reason: found.reason });
    return blobs;
  }

  async function openFolder(): Promise<BlobDriver> {
    // Beside other nodes, what arrives may be theirs. Nothing arrives for longer than twice the limit.
    const othersMs = config.cluster === undefined ? 0 : 2 * config.limits.uploadDeadlineMs;
    try {
      return await createDiskBlobs({ dir: join(config.dataDir, uploadsFolder), othersMs });
    } catch (error) {
      const reason = `the folder uploads in it cannot be used: ${error instanceof Error ? error.message : String(error)}`;
      throw new StartProblem([{ variable: 'DATA_DIR', reason }]);
    }
  }
}
