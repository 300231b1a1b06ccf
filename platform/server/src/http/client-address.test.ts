import { describe, expect, it } from 'vitest';
import { createClientAddress } from './client-address.ts';

const from = (trustProxy: string | undefined, peer: string, forwarded?: string) =>
  createClientAddress(trustProxy)({
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
    socket: { remoteAddress: peer } as never,
  });

describe("a client's address", () => {
  it('is the peer while no proxy is believed, whatever the header says', () => {
    expect(from(undefined, '::ffff:192.0.2.1', '203.0.113.9')).toBe('192.0.2.1');
  });

  it('is as many hops away as are believed, and no further', () => {
    expect(from('1', '10.0.0.1', '198.51.100.7, 203.0.113.9')).toBe('203.0.113.9');
    expect(from('2', '10.0.0.1', '198.51.100.7, 203.0.113.9')).toBe('198.51.100.7');
    expect(from('2', '10.0.0.1', '203.0.113.9')).toBe('203.0.113.9');
  });

  it('is the first that is none of the believed proxies', () => {
    const trusted = '10.0.0.0/8, 2001:db8::1';
    expect(from(trusted, '10.0.0.1', '198.51.100.7, 203.0.113.9, 10.9.9.9')).toBe('203.0.113.9');
    expect(from(trusted, '2001:db8::1', '203.0.113.9')).toBe('203.0.113.9');
    expect(from(trusted, '192.0.2.1', '203.0.113.9')).toBe('192.0.2.1');
  });

  it('does not follow what is no address', () => {
    expect(from('1', '10.0.0.1', 'unknown')).toBe('10.0.0.1');
  });
});
