// The values that common issuers of tokens put into `sub`, for tests of everything that a user's id passes
// through.

export const issuerIds: readonly (readonly [issuer: string, userId: string])[] = [
  ['Auth0', 'auth0|507f1f77bcf86cd799439020'],
  ['Google by way of Auth0', 'google-oauth2|108204268033311374519'],
  ['Cognito', 'us-east-1:0b7d3a1e-6a1f-4c0e-9d7b-1f2e3d4c5b6a'],
  ['Entra (pairwise sub)', 'AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbta_Q-7'],
  ['Okta', '00uid4BxXw6I6TV4m0g3'],
  ['Keycloak, federated', 'f:f4e2b7a0-9f4b-4f4e-8f43-3c3f3f4c2d1e:ann'],
  ['Firebase', '3oRbTqPz9hYFvS2vYcM1kXw8nQf2'],
  ['Clerk', 'user_2NNEqL2nrIRdJ194ndJqAHwEfxC'],
  ['Supabase', '6a0b2c9e-54f1-4f7e-9e64-7a4d7f3d0f6b'],
  ['Apple', '001473.fe6f33bf4b8e4590aacbabdcb8598bd0.2039'],
  ['an address with a plus', 'ann+work@example.com'],
  ['a directory', 'CN=Ann Smith,OU=Staff/Night,DC=example,DC=com'],
  ['SAML by way of Auth0', 'samlp|corp|urn:x:nameid#ann?a=1&b=%7C'],
  ['Windows', 'CORP\\ann {7}'],
  ['its own names', '张伟 · Zoë "Z"'],
  ['a script with joiners', 'می\u200cخواهم'],
  ['a joke', '__proto__'],
  ['a path', '../../etc/passwd'],
];
