// An identity provider of others, unmodified: people sign in with any name, and PKCE is required. What it issues for
// the tools are JWT access tokens for their audience, because the client names that as its resource (RFC 8707).
import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { exportJWK, generateKeyPair } from "jose";
import { Provider } from "oidc-provider";

const [page, client, audience, leader, group] = process.argv.slice(2);
const server = createServer().listen(0, "127.0.0.1", async () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  const known = (client_id, redirect_uri, more) => ({ client_id, redirect_uris: [redirect_uri], ...more });
  const isPublic = { token_endpoint_auth_method: "none" };
  const provider = new Provider(issuer, {
    clients: [
      known("approval-page", page, { client_secret: "s3cr%et+".repeat(4) }),
      known("assistant", client, isPublic),
    ],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: "first", use: "sig", alg: "RS256" }] },
    cookies: { keys: [randomBytes(16).toString("hex")] },
    pkce: { required: () => true },
    claims: { openid: ["sub", "groups"] },
    conformIdTokenClaims: false,
    findAccount: (_, id) => ({
      accountId: id,
      claims: async () => ({ sub: id, groups: id === leader ? [group] : [] }),
    }),
    features: {
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({
          scope: "dsw:read dsw:write",
          audience,
          accessTokenFormat: "jwt",
          jwt: { sign: { alg: "RS256" } },
        }),
        useGrantedResource: () => true,
      },
    },
  });
  server.on("request", provider.callback());
  console.log(issuer);
});
