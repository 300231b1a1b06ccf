// Messages as Amazon SNS signs them, by version 1 and by version 2, with a certificate that nobody believes. Valid
// from 2026-11-29 to 2126; its key is no secret.
import { sign } from 'node:crypto';

export const topicArn = 'arn:aws:sns:eu-west-1:123456789012:mail-events';
export const certificateUrl = 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0f1e2d3c.pem';
export const subscribeUrl = 'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=2336412f37';
/** While the certificate is valid. */
export const nowMs = Date.UTC(2030, 0, 1);

export type SnsFields = Readonly<Record<string, string>>;

/** As it comes to a receiver: SNS says that JSON is plain text. */
export function snsRequest(fields: SnsFields) {
  const type = fields['Type'] ?? '';
  const headers = { 'x-amz-sns-message-type': type, 'content-type': 'text/plain; charset=UTF-8' };
  return { headers, body: JSON.stringify(fields) };
}

export function notification(event: object, change: SnsFields = {}): SnsFields {
  return signed({
    ...{ Type: 'Notification', MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324', TopicArn: topicArn },
    ...{ Subject: 'Amazon SES Email Event Notification', Message: JSON.stringify(event) },
    ...{ Timestamp: '2029-12-31T23:00:00.000Z', SignatureVersion: '1', SigningCertURL: certificateUrl, ...change },
  });
}

export function confirmation(change: SnsFields = {}): SnsFields {
  return signed({
    ...{ Type: 'SubscriptionConfirmation', MessageId: '165545c9-2a5c-472c-8df2-7ff2be2b3b1b', TopicArn: topicArn },
    ...{ Message: 'You have chosen to subscribe to the topic.', SubscribeURL: subscribeUrl, Token: '2336412f37' },
    ...{ Timestamp: '2029-12-31T23:00:00.000Z', SignatureVersion: '2', SigningCertURL: certificateUrl, ...change },
  });
}

/** Each field and its value on lines of their own, by name. */
function signed(fields: SnsFields): SnsFields {
  const names = ['Message', 'MessageId', 'Subject', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
  const byName = new Map(Object.entries(fields));
  const content = names
    .filter((name) => byName.has(name))
    .map((name) => `${name}\n${byName.get(name)}\n`)
    .join('');
  const digest = fields['SignatureVersion'] === '1' ? 'sha1' : 'sha256';
  return { ...fields, Signature: sign(digest, Buffer.from(content), key).toString('base64') };
}

export const certificate = `-----BEGIN CERTIFICATE-----
MIIDGzCCAgOgAwIBAgIUQIaTh8WkKWbr++f8DOXKn4dW+1MwDQYJKoZIhvcNAQEL
BQAwHDEaMBgGA1UEAwwRc25zLmFtYXpvbmF3cy5jb20wIBcNMjYxMTI5MjMyOTMy
WhgPMjEyNjExMDUyMzI5MzJaMBwxGjAYBgNVBAMMEXNucy5hbWF6b25hd3MuY29t
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAl60OHeBQD9IVKIHC7t2C
nwdC9RDQ7a79EZvlJZ47i66ouhN2zZyJ8uuGGD/kE1EA2zSTsFb4OuoWv3Y92OY6
VZyl5xnP8RD5jlS/FWdSv6HwfZtAj+3GN0bj3FbYzMa0JKnGnC+3JXV+snzkw+Ru
yciZlKCSghAaqjOHWCOjPBqBryCo+gKEVL0+rfFYtlfqMspHOzVPBe+zW1R8+G5K
UN2z7WdXvsWpN459qNpghW/58Ak6Oi+mjyVGB2qWXfCasAPa3vgv3D+IWCxVisaR
aPLGr3liiGVyGh4xGeVj1J3X+P1K5GUI6Y8Dx+KUrBTIT1whXQh1v6IJqPXyC6kp
3wIDAQABo1MwUTAdBgNVHQ4EFgQUOvX410C7MJGTxmC47mhOJyq6F7EwHwYDVR0j
BBgwFoAUOvX410C7MJGTxmC47mhOJyq6F7EwDwYDVR0TAQH/BAUwAwEB/zANBgkq
hkiG9w0BAQsFAAOCAQEAbUnFQMqYTTcMc1sFuVBjCFiyAXjoPKtsUn/mxm9aXGIS
jjonHjonRn896+XhrDz58MYmR70XIktLfUdWdU31FKed63kypiDyrsP6y0Vzq0LX
2OshZDunSA8mGmjUK3zjrfOX8QO70WCXYjMD4v+dO25fsJYw58Q1gcSXn1rU27sU
os3/Nhg7BXV2UPIFvScXLalN96xkDLzinFrnF8rmRYrLggjObk3go740ld1hirgf
xIbyDYPeaoN2HuyLUGu3FrFuy+85pl/detylhmx8nnnhwvPhs1bS88dYzPnFdZ+F
NN2SF5Gi+j29pX1B2SQucwiQhWRSYTkYsaUQeOLDbw==
-----END CERTIFICATE-----
`;

const key = `-----BEGIN PRIVATE KEY-----
MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQCXrQ4d4FAP0hUo
gcLu3YKfB0L1ENDtrv0Rm+UlnjuLrqi6E3bNnIny64YYP+QTUQDbNJOwVvg66ha/
dj3Y5jpVnKXnGc/xEPmOVL8VZ1K/ofB9m0CP7cY3RuPcVtjMxrQkqcacL7cldX6y
fOTD5G7JyJmUoJKCEBqqM4dYI6M8GoGvIKj6AoRUvT6t8Vi2V+oyykc7NU8F77Nb
VHz4bkpQ3bPtZ1e+xak3jn2o2mCFb/nwCTo6L6aPJUYHapZd8JqwA9re+C/cP4hY
LFWKxpFo8saveWKIZXIaHjEZ5WPUndf4/UrkZQjpjwPH4pSsFMhPXCFdCHW/ogmo
9fILqSnfAgMBAAECggEACk6l6VakM8igmQ9LlYfs2uAkQLS5cS2CRrJ2/ZNyYHYO
3HZHwIYLkDwV8YsfjxOvumj13Snlb7t9e3PBlP4wQKXtVql+ZAqcEUjZCc9RSqYd
yngrO8/gt6jtmyLO7aHv/ZdvLVxgvP7uP5rh9B315jVOAOrYie+/01Xx5wXYKSFZ
JgUz/e0F71BH5E6LacnzvpXC0DghMunVon1NbTzXhiXB0PwVOUjYyFR2J0/MWKV1
fTIs30726TBav5DQV9T0dfBBIbpXx42p7/ZlUJDqWOYuPPhkRpk0LBV6sDJXBDAf
LzWGpCBM3z7uyL8A87wRid80j0xiVQr9rpBPNAhzAQKBgQDT7+D0g3RpRbzsIE6j
NlbC5EyAwgbtglQKQ/e5EDiWceilqfKsKFagRCzEkPbLG5H2qiAvrBoyzF0TlZ6+
UOqIN8eMGdIMXDN1113G5S+zWan/dm4RTfubyTFOMFKwEDz/BzEKvaL96HDhJzhj
QTVub3YNcGX+irUxdobb3sVT4QKBgQC3Ndj/AmJKLJSUI/WXLTLSS4H4tqHcQf8k
IRSSvaKNTSgCbPaW9B/p18+ffhgSj1VcGhsL2WrD54U/AMol0iJKUDu3o/pR7aOZ
mzqv6GpqiEmEgEMeJo4BmzBHhhgDRK5G13/ay/93yR5utKhZFVPCMhPgmU0RuikR
CZOW3lI1vwKBgQCo3lq1GUUZWGrXDkr6OyLYeUYH1hHlD1JdN5jcCXO9VBfWYFqv
GBkl7Axrt0IdxeMA0r+AnLXnQfTr1Oy+ogSt8xv5ot094f1S6P6cqyLd2hTdK4U6
HpPbpmy160UHanjfj+BguYd0ns/KZxDD7UJgs0kyHhv2vJjxR4rfCFrcoQKBgDpY
bLWxhanHjr2qwgCWBVRRdZ/GUb+6SM2xt0KQH99ODgrPtqwWLL+k2dsaJgJrIS0G
p0xbvhOLfLS2xKnMxNzTtmDiWMqUmoBFnif9JT6uDnOjATzt3FWInZR5kNYhnjqz
UGVWiBIWu5lX8TEFiLoUhp4FVDTsCz4Axb7LKHUzAoGATgnNHjmDthBC8fmDqadz
rAGo6lxkHHWrU9UZvsibKGQ0Tyrlf2knJclwaZBRm981BKFLyqqjEVjUf1K/p+U0
ailVijkRZ3gUT21DwML/Q6lzoTLXXzYbhfWjY3EsBXahjj4Pe++eXFN7m0abwOIp
/k5Ql7E/yIPbeLlwBj3VUnE=
-----END PRIVATE KEY-----
`;
