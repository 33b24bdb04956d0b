import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Configuration, Provider } from "oidc-provider";

/** Somebody the provider knows. Whatever is set is a claim; `groups` is told by the userinfo answer alone. */
export interface Person {
  sub: string;
  preferred_username?: string;
  name?: string;
  email?: string;
  email_verified?: boolean;
  groups?: string[];
}

export interface TestProvider {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Who is in front of the browser at the provider's own sign-in page. */
  person: Person;
  stop: () => Promise<void>;
}

/** A real OpenID Connect provider on a free port of this machine, whose sign-in page lets `person` in without a word. */
export async function startOidcProvider(redirectUri: string): Promise<TestProvider> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const handle: TestProvider = {
    issuer,
    clientId: "surelay",
    clientSecret: "a client secret of this test",
    person: { sub: "nobody" },
    stop: () => close(server),
  };
  const provider = new Provider(issuer, configuration(handle, redirectUri));
  const callback = provider.callback();
  server.on("request", (request, response) => {
    if (!request.url?.startsWith("/interaction/")) void callback(request, response);
    else void provider.interactionFinished(request, response, { login: { accountId: handle.person.sub } });
  });
  return handle;
}

function configuration(handle: TestProvider, redirectUri: string): Configuration {
  return {
    clients: [
      { client_id: handle.clientId, client_secret: handle.clientSecret, redirect_uris: [redirectUri] },
    ],
    cookies: { keys: ["a key of this test"] },
    claims: {
      openid: ["sub"],
      profile: ["preferred_username", "name"],
      email: ["email", "email_verified"],
      groups: ["groups"],
    },
    conformIdTokenClaims: true, // claims of a scope are told by the userinfo answer, as the specification has it
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    ttl: { Interaction: 600, Grant: 600, Session: 600, AccessToken: 600, IdToken: 600 },
    pkce: { required: () => true },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ ...handle.person, sub }) }),
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({
        clientId: ctx.oidc.client!.clientId,
        accountId: ctx.oidc.session!.accountId,
      });
      grant.addOIDCScope("openid profile email groups");
      await grant.save();
      return grant;
    },
  };
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
}
