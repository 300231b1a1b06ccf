// The name by which the other nodes of a cluster know this one. Not where it is reached: between nodes there
// is nothing but Redis and MongoDB.

import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

/**
 * Another with each start: containers that were given one host name each have a process 1, and a process that
 * starts anew must not be taken for the one before it, whose connections are gone.
 */
export function newNodeName(): string {
  return `${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}`;
}
