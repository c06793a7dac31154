import type { components } from "../../client-ts/src/index";

// Signs in at an OpenID provider: authorization code with PKCE (RFC 7636, RFC 9700), as a
// client without a secret.

/** What admits to Roster, and how to get another. */
export type Grant = { token: string; refreshToken?: string; issuer?: string };

type Settings = components["schemas"]["SignIn"];

/** What the page keeps while the provider has the browser; it admits nobody by itself. */
type Pending = { issuer: string; state: string; verifier: string; hash: string };

const pendingName = "roster-sign-in";
let known: Promise<Settings> | undefined;

/** settings says how people sign in here. */
export function settings(): Promise<Settings> {
  known ??= fetch("admin/settings.json")
    .then((response) => response.json() as Promise<Settings>)
    .catch((error) => {
      known = undefined;
      throw error;
    });
  return known;
}

type Metadata = { authorization_endpoint: string; token_endpoint: string };

async function metadata(issuer: string): Promise<Metadata> {
  const response = await fetch(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`);
  if (!response.ok) throw new Error(`the provider answers with status ${response.status}`);
  return (await response.json()) as Metadata;
}

/** The page's own address, which the provider leads back to. */
function ownAddress(): string {
  return location.origin + location.pathname;
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=/g, "");
}

function random(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

/** leave opens the provider's page. */
export async function leave(issuer: string): Promise<void> {
  const { client_id, scope, resource } = await settings();
  const { authorization_endpoint } = await metadata(issuer);
  const pending: Pending = { issuer, state: random(), verifier: random(), hash: location.hash };
  sessionStorage.setItem(pendingName, JSON.stringify(pending));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(pending.verifier));
  const target = new URL(authorization_endpoint);
  const parameters = {
    response_type: "code",
    response_mode: "fragment",
    client_id: client_id ?? "",
    redirect_uri: ownAddress(),
    scope: scope ?? "openid",
    state: pending.state,
    code_challenge: base64url(new Uint8Array(digest)),
    code_challenge_method: "S256",
    ...(resource === undefined ? {} : { resource }),
  };
  for (const [name, value] of Object.entries(parameters)) target.searchParams.set(name, value);
  location.assign(target);
}

/**
 * comeBack finishes the sign-in that the provider led back from; undefined where there is
 * none. It takes the code out of the address first.
 */
export async function comeBack(): Promise<Grant | undefined> {
  const response = new URLSearchParams(location.hash.slice(1));
  const state = response.get("state");
  if (state === null || location.hash.startsWith("#/")) return undefined;
  const pending = JSON.parse(sessionStorage.getItem(pendingName) ?? "null") as Pending | null;
  sessionStorage.removeItem(pendingName);
  location.replace(pending === null || pending.hash === "" ? "#/people" : pending.hash);
  if (pending === null || pending.state !== state) throw new Error("this sign-in was not started on this page");
  // Another provider must not answer for the one that was asked (RFC 9207).
  if ((response.get("iss") ?? pending.issuer) !== pending.issuer) throw new Error("another provider answered than the one that was asked");
  const code = response.get("code");
  if (code === null) throw new Error(response.get("error_description") ?? response.get("error") ?? "the provider sent no code");
  return ask(pending.issuer, { grant_type: "authorization_code", code, redirect_uri: ownAddress(), code_verifier: pending.verifier });
}

/** refresh gets another access token without the person. */
export function refresh({ issuer, refreshToken }: Grant): Promise<Grant | undefined> {
  if (issuer === undefined || refreshToken === undefined) return Promise.resolve(undefined);
  return ask(issuer, { grant_type: "refresh_token", refresh_token: refreshToken });
}

async function ask(issuer: string, parameters: Record<string, string>): Promise<Grant> {
  const [{ client_id, resource }, { token_endpoint }] = await Promise.all([settings(), metadata(issuer)]);
  const body = new URLSearchParams({ ...parameters, client_id: client_id ?? "", ...(resource === undefined ? {} : { resource }) });
  const response = await fetch(token_endpoint, { method: "POST", body });
  const answer = (await response.json()) as { access_token?: string; refresh_token?: string; error_description?: string; error?: string };
  if (!response.ok || answer.access_token === undefined) {
    throw new Error(answer.error_description ?? answer.error ?? `the provider answers with status ${response.status}`);
  }
  return { token: answer.access_token, issuer, refreshToken: answer.refresh_token ?? parameters.refresh_token };
}
