import type { components } from "../../client-ts/src/index";
import { createRoster, ProblemError, unwrap } from "../../client-ts/src/index";
import { Store } from "./store";
import { refresh, type Grant } from "./provider";

export type Caller = components["schemas"]["Caller"];

/** Why a person has to sign in: at first, or because the token is refused now. */
export type SignInReason = "first" | "refused" | "left";

/** The caller, as Roster knows it; undefined until it is known. */
export const caller = new Store<Caller | undefined>(undefined);
/** Set while somebody has to sign in. */
export const signIn = new Store<SignInReason | undefined>(undefined);
/** Roster can't be reached. */
export const offline = new Store(false);
/** Counts the moments at which everything shown may be out of date. */
export const epoch = new Store(0);

/** outdate has everything shown read again, wherever the reader is by then. */
export function outdate(): void {
  epoch.set(epoch.value + 1);
}

/** The address of the API: that of the page without its last part. */
const base = new URL(".", location.href).href.replace(/\/$/, "");

// Tokens are in memory only: closing or reloading the page forgets them.
let grant: Grant | undefined;
let waiting: Promise<void> | undefined;
let admit: (() => void) | undefined;

export const roster = createRoster({ url: base, token: () => grant?.token, renew, fetch: observed, retries: { times: 2 } });

/** observed notes whether Roster can be reached. */
async function observed(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    if (!request.signal.aborted) lost();
    throw error;
  }
}

/** lost shows that Roster can't be reached, and asks until it can. */
function lost(): void {
  if (offline.value) return;
  offline.set(true);
  const ask = async () => {
    const alive = await fetch(`${base}/livez`, { cache: "no-store" }).then(
      (response) => response.ok,
      () => false,
    );
    if (!alive) {
      setTimeout(ask, 1000);
      return;
    }
    offline.set(false);
    outdate();
  };
  setTimeout(ask, 1000);
}

/** renew waits for a new token. All refused requests wait for the same. */
async function renew(refused: string | undefined): Promise<boolean> {
  if (grant?.token !== refused) return true;
  waiting ??= newToken(refused === undefined ? "first" : "refused").finally(() => {
    waiting = undefined;
  });
  await waiting;
  return true;
}

async function newToken(reason: SignInReason): Promise<void> {
  const renewed = grant?.refreshToken === undefined ? undefined : await refresh(grant).catch(() => undefined);
  if (renewed !== undefined) {
    grant = renewed;
    return;
  }
  const admitted = new Promise<void>((resolve) => {
    admit = resolve;
  });
  signIn.set(signIn.value ?? reason);
  await admitted;
}

/** admitWith signs in, if Roster accepts the token; else it throws a ProblemError. */
export async function admitWith(candidate: Grant): Promise<void> {
  const plain = createRoster({ url: base, token: candidate.token, fetch: observed });
  const known = await unwrap(plain.GET("/me"));
  const changed = caller.value !== undefined && caller.value.subject !== known.subject;
  grant = candidate;
  caller.set(known);
  signIn.set(undefined);
  admit?.();
  if (changed) outdate();
}

/** start asks who calls. Where that needs a token, the person is asked to sign in. */
export async function start(): Promise<void> {
  try {
    const known = await unwrap(roster.GET("/me"));
    caller.set(known);
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    const again = offline.follow(() => {
      if (offline.value) return;
      again();
      void start();
    });
  }
}

/** canSignOut reports whether there is a token to forget. */
export function canSignOut(): boolean {
  return grant !== undefined;
}

/** signOut forgets the token and everything shown. */
export function signOut(): void {
  grant = undefined;
  caller.set(undefined);
  signIn.set("left");
}
