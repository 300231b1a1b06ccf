// A certificate for `localhost`, `service.example` and 127.0.0.1 that nobody believes unless a test names it
// as its own authority. Valid until 2126; its key is no secret.

export const testCertificate = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBrjCCAVOgAwIBAgIUNejcyz6xfuOJzqveub45P09fIyEwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNzE3NTUyNFoYDzIxMjYxMTAz
MTc1NTI0WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAS1PQOEZwr/XSxhnOwz6/o2S3qF5kncy1eAnbeWUCyIK92UZyxzf7uI
M89Hnikh7GOt8Pypo4EHCSc8porb6VpJo4GAMH4wHQYDVR0OBBYEFJuCgXMDWz1+
BaA9ivVvG/ctwQE+MB8GA1UdIwQYMBaAFJuCgXMDWz1+BaA9ivVvG/ctwQE+MA8G
A1UdEwEB/wQFMAMBAf8wKwYDVR0RBCQwIoIJbG9jYWxob3N0gg9zZXJ2aWNlLmV4
YW1wbGWHBH8AAAEwCgYIKoZIzj0EAwIDSQAwRgIhAPVGWcgP630XzLhYCqRa9pGp
pRiXDFrO6OAjdroUg2IAAiEA0aKKOhrTthEoqJq08wZ4pDa9vXwQn6KyO80kpYpa
apg=
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgWvl6XyY47jDr3pgn
s/xEz+sA9nJDkUtO13aCKsN8jtShRANCAAS1PQOEZwr/XSxhnOwz6/o2S3qF5knc
y1eAnbeWUCyIK92UZyxzf7uIM89Hnikh7GOt8Pypo4EHCSc8porb6VpJ
-----END PRIVATE KEY-----
`,
} as const;
