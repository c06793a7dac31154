import createClient, { type Client, type Middleware } from "openapi-fetch";
import { send, sleep, type Retries } from "./retry.js";
import type { paths } from "./schema.gen.js";

/** The calls of Roster: `roster.GET("/users/{id}", { params: { path: { id } } })`, typed by the contract. */
export type Roster = Client<paths, Media>;

/** The media types of responses that have types; others, such as CSV, are read with `parseAs`. */
type Media = "application/json" | "application/problem+json";

export type RosterOptions = {
  /** The address of Roster, with the prefix of a proxy if there is one. */
  url: string;
  /** The API key or access token; a function is asked for each request. Without one, none is sent. */
  token?: string | (() => string | undefined | Promise<string | undefined>);
  /**
   * Called when Roster refuses the token (401). Where it returns true, the request is sent
   * again with a new token.
   */
  renew?: (refused: string | undefined) => Promise<boolean>;
  fetch?: (request: Request) => Promise<Response>;
  retries?: Partial<Retries>;
};

type Method = "get" | "put" | "post" | "patch" | "delete";

/** K if the operation has the header Idempotency-Key. */
type IfKeyed<Operation, K> = Operation extends { parameters: { header?: infer Header } }
  ? [NonNullable<Header>] extends [never]
    ? never
    : "Idempotency-Key" extends keyof NonNullable<Header>
      ? K
      : never
  : never;

/** The operations that take an Idempotency-Key, such as "POST /users". */
type Keyed = { [P in keyof paths]: { [M in Method]: IfKeyed<paths[P][M], `${Uppercase<M>} ${P}`> }[Method] }[keyof paths];

// A key for an operation that has none, or a missing one, fails tsc.
const keyed: Record<Keyed, true> = {
  "POST /users": true,
  "PATCH /users/{id}": true,
  "POST /organizations": true,
  "PUT /organizations/{id}": true,
  "PATCH /organizations/{id}": true,
  "POST /events": true,
};

/** POST requests that change nothing. */
const reads: Partial<Record<string, true>> = { "POST /users/search": true, "POST /users/lookup": true };

/** createRoster makes a client. */
export function createRoster(options: RosterOptions): Roster {
  const fetch = options.fetch ?? ((request: Request) => globalThis.fetch(request));
  const retries: Retries = { times: 3, wait: sleep, ...options.retries };
  /** The requests that may be sent several times. */
  const repeatable = new WeakSet<Request>();
  const client = createClient<paths, Media>({
    baseUrl: options.url,
    // A list has commas between its values.
    querySerializer: { array: { style: "form", explode: false } },
    fetch: async (request) => {
      const again = repeatable.has(request) ? (one: Request) => send(one, fetch, retries) : fetch;
      return authenticated(request, again, options);
    },
  });
  client.use(keys(repeatable));
  return client;
}

/** keys gives every request that takes one an Idempotency-Key, and notes what may be repeated. */
function keys(repeatable: WeakSet<Request>): Middleware {
  return {
    onRequest({ request, schemaPath }) {
      const operation = `${request.method} ${schemaPath}`;
      const name = "Idempotency-Key";
      if (operation in keyed && !request.headers.has(name)) request.headers.set(name, newKey());
      if (request.method === "GET" || operation in reads || request.headers.has(name)) repeatable.add(request);
      return undefined;
    },
  };
}

/** newKey makes an Idempotency-Key; crypto.randomUUID is missing on pages without TLS. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `"${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}"`;
}

/** authenticated sends a request with the token, and once more with a renewed one. */
async function authenticated(request: Request, fetch: (request: Request) => Promise<Response>, options: RosterOptions) {
  for (;;) {
    const token = typeof options.token === "function" ? await options.token() : options.token;
    const attempt = request.clone();
    if (token !== undefined) attempt.headers.set("Authorization", `Bearer ${token}`);
    const response = await fetch(attempt);
    if (response.status !== 401 || !(await options.renew?.(token))) return response;
  }
}
