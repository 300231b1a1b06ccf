// Behind which proxies a client's address is read from the header, and from where in it.
import { describe, expect, it } from 'vitest';
import { createClientAddress, networkOf } from './client-address.ts';

const from = (trustProxy: string | undefined, peer: string, forwarded?: string) =>
  createClientAddress(trustProxy)({
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
    socket: { remoteAddress: peer } as never,
  });

describe("a client's address", () => {
  it('is the peer while no proxy is trusted, whatever the header says', () => {
    expect(from(undefined, '::ffff:192.0.2.1', '203.0.113.9')).toBe('192.0.2.1');
  });

  it('is as many hops away as are trusted, and no further', () => {
    expect(from('1', '10.0.0.1', '198.51.100.7, 203.0.113.9')).toBe('203.0.113.9');
    expect(from('2', '10.0.0.1', '198.51.100.7, 203.0.113.9')).toBe('198.51.100.7');
    expect(from('2', '10.0.0.1', '203.0.113.9')).toBe('203.0.113.9');
  });

  it('is the first that is not one of the trusted proxies', () => {
    const trusted = '10.0.0.0/8, 2001:db8::1';
    expect(from(trusted, '10.0.0.1', '198.51.100.7, 203.0.113.9, 10.9.9.9')).toBe('203.0.113.9');
    expect(from(trusted, '2001:db8::1', '203.0.113.9')).toBe('203.0.113.9');
    expect(from(trusted, '192.0.2.1', '203.0.113.9')).toBe('192.0.2.1');
  });

  it('does not follow what is not an address, nor what stands behind it', () => {
    expect(from('1', '10.0.0.1', 'unknown')).toBe('10.0.0.1');
    expect(from('3', '10.0.0.1', '198.51.100.7, unknown, 203.0.113.9')).toBe('203.0.113.9');
    expect(from('10.0.0.0/8', '10.0.0.1', 'unknown')).toBe('10.0.0.1');
  });

  it.each([
    ['203.0.113.9:47110', '203.0.113.9'],
    ['[2001:db8::9]:443', '2001:db8::9'],
    ['[2001:db8::9]', '2001:db8::9'],
    ['"[2001:db8::9]:443"', '2001:db8::9'],
    ['2001:db8::9', '2001:db8::9'],
    ['198.51.100.7:1, 203.0.113.9:2', '203.0.113.9'],
    ['203.0.113.9,', '203.0.113.9'],
    [' , 203.0.113.9 , , ', '203.0.113.9'],
    ['[::ffff:203.0.113.9]:443', '203.0.113.9'],
    ['[203.0.113.9]:80', '203.0.113.9'],
    ['203.0.113.9:port', '10.0.0.1'],
    ['[unknown]:80', '10.0.0.1'],
    [',', '10.0.0.1'],
  ])('is read from `%s`, as proxies write it', (forwarded, address) => {
    expect(from('1', '10.0.0.1', forwarded)).toBe(address);
    expect(from('10.0.0.0/8', '10.0.0.1', forwarded)).toBe(address);
  });

  it('is as many hops away as are trusted, however the hops are written', () => {
    expect(from('2', '10.0.0.1', '198.51.100.7:4711, , [2001:db8::1]:443,')).toBe('198.51.100.7');
    expect(from('10.0.0.0/8, 2001:db8::/32', '10.0.0.1', '198.51.100.7:4711, [2001:db8::1]:443')).toBe('198.51.100.7');
  });

  it('is the outermost where everything is trusted', () => {
    expect(from('0.0.0.0/0, ::/0', '2001:db8::1', '203.0.113.9, 192.0.2.1')).toBe('203.0.113.9');
  });

  it('is a trusted IPv4 proxy also when it comes in over an IPv6 socket', () => {
    expect(from('10.0.0.0/8', '::ffff:10.0.0.1', '203.0.113.9')).toBe('203.0.113.9');
  });

  it('is empty when the socket is already gone', () => {
    expect(createClientAddress('1')({ headers: {}, socket: {} as never })).toBe('');
  });
});

describe('what is counted as one address', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:db8:0:0:ffff::2', '2001:db8:0:0::/64'],
    ['2001:0DB8:0:1:1:2:3:4', '2001:db8:0:1::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
    ['', ''],
  ])('%s counts as %s', (address, counted) => {
    expect(networkOf(address)).toBe(counted);
  });
});
