// Decides which upgrades are let in: by the request, the load of the node, the slots of the address, the app.
// Admitted connections: gateway.ts.
import type { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { isBelfryError } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { AppRecord } from '../ports/stores/tenancy.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import { AddressConnections, type Leave } from './address-connections.ts';
import { AddressSlots, type ReleaseSlot } from './address-slots.ts';
import type { Dialect } from './dialects/dialect.ts';
import type { GatewayLimits } from './limits.ts';
import type { RefusedClients } from '../sessions/refused-clients.ts';
import { Overload } from './overload.ts';
import type { Refusal } from './refusal.ts';
import { checkApp, checkRequest } from './upgrade.ts';

export interface AdmissionDeps {
  apps: { find(key: string): Promise<AppRecord | undefined> };
  /**
   * The app's open connections, as its limit counts them. Must not reject: a count that cannot be had is no
   * reason to refuse.
   */
  countConnections: (app: AppId) => number | Promise<number>;
  dialects: readonly Dialect[];
  limits: GatewayLimits;
  /** The client's address, behind as many proxies as are trusted. */
  addressOf: (request: IncomingMessage) => string;
  /** The network that an address is part of, where one customer has many addresses; else the address itself. */
  networkOf: (address: string) => string;
  refusedClients: Pick<RefusedClients, 'record'>;
  surroundings: Surroundings;
}

/** An upgrade that is let in. */
export interface Admitted {
  readonly app: AppRecord;
  /** The app, or the address, has as many connections as it may have: a client learns it by a close code. */
  readonly isFull: boolean;
  readonly dialect: Dialect;
  readonly socket: Socket;
  /** Its network, where addresses have one. */
  readonly address: string;
  /** Gives the address's slot back. */
  readonly release: ReleaseSlot;
}

export class Admission {
  readonly #deps: AdmissionDeps;
  readonly #slots: AddressSlots;
  readonly #networkSlots: AddressSlots;
  readonly #connections: AddressConnections;
  readonly #overload: Overload;
  #isDraining = false;

  constructor(deps: AdmissionDeps) {
    this.#deps = deps;
    const { unauthenticatedPerAddress } = deps.limits;
    this.#slots = new AddressSlots(unauthenticatedPerAddress, deps.surroundings.clock);
    this.#networkSlots = new AddressSlots(unauthenticatedPerAddress * addressesPerNetwork, deps.surroundings.clock);
    this.#connections = new AddressConnections(deps.limits.connectionsPerAddress, deps.surroundings.log);
    this.#overload = new Overload(deps.limits.eventLoopDelayMs, deps.surroundings);
  }

  start(): void {
    this.#overload.start();
  }

  /** Refuses everybody from here on. */
  drain(): void {
    this.#isDraining = true;
  }

  stop(): void {
    this.#isDraining = true;
    this.#overload.stop();
  }

  async decide(request: IncomingMessage, socket: Duplex): Promise<Refusal | Admitted> {
    const sound = checkRequest(request, this.#deps.dialects);
    if ('status' in sound) return sound;
    if (!(socket instanceof Socket)) return { status: 400, code: 'bad_request' };
    if (this.#isClosedToNew()) return this.#tooBusy();
    const sender = this.#deps.addressOf(request);
    const address = this.#deps.networkOf(sender);
    const release = await this.#takeSlots(sender, address);
    if (release === undefined) return tooManyOfAddress;
    // It may have gone while it waited, and does not say so again.
    if (socket.destroyed) release();
    else socket.once('close', release);
    try {
      const { origin, host } = request.headers;
      const checked = checkApp(await this.#deps.apps.find(sound.appKey), { origin, host });
      if ('status' in checked) {
        const { reason } = checked;
        const userAgent = request.headers['user-agent'];
        const client = { app: sound.appKey, origin, stage: 'upgrade', userAgent, address: sender } as const;
        if (reason !== undefined) this.#deps.refusedClients.record({ ...client, reason });
        return checked;
      }
      const isFull = this.#connections.isFull(checked.app.app, address) || (await this.#isFull(checked.app));
      if (this.#isClosedToNew()) return this.#tooBusy();
      return { app: checked.app, isFull, dialect: sound.dialect, socket, address, release };
    } catch (error) {
      if (!isBelfryError(error)) this.#deps.surroundings.log.error('upgrade failed', { err: error });
      return { status: 503, code: 'unavailable', headers: { 'retry-after': '1' } };
    }
  }

  /**
   * Counts a connection in, before its connect is carried out: sockets that were let in together must not all
   * become connections. Undefined: the app or the address has too many.
   */
  async enter(record: AppRecord, address: string): Promise<Leave | undefined> {
    if (await this.#isFull(record)) return undefined;
    return this.#connections.enter(record.app, address);
  }

  /** People of one network do not wait for each other; whoever owns all its addresses is bounded none the less. */
  async #takeSlots(address: string, network: string): Promise<ReleaseSlot | undefined> {
    const own = await this.#slots.take(address);
    if (own === undefined || network === address) return own;
    const shared = await this.#networkSlots.take(network);
    if (shared === undefined) {
      own();
      return undefined;
    }
    return () => {
      own();
      shared();
    };
  }

  async #isFull({ app, limits }: AppRecord): Promise<boolean> {
    return (await this.#deps.countConnections(app)) >= limits.connections;
  }

  #isClosedToNew(): boolean {
    return this.#isDraining || this.#overload.isOverloaded;
  }

  #tooBusy(): Refusal {
    return {
      status: 503,
      code: this.#isDraining ? 'unavailable' : 'overloaded',
      headers: { 'retry-after': '1' },
    };
  }
}

/**
 * A network has the slots of so many addresses: enough for an office behind one of IPv6, in which everybody has
 * an address, and far below the addresses that one customer may come from.
 */
const addressesPerNetwork = 8;

const tooManyOfAddress: Refusal = {
  status: 429,
  code: 'rate_limited',
  message: 'Too many sockets of this address have not connected yet.',
  headers: { 'retry-after': '1' },
};
