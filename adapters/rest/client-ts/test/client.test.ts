// Uses the client on a running Roster without authentication, ROSTER_URL.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { createRoster, each, page, pages, ProblemError, unwrap, type Roster } from "../src/index.js";

const url = process.env.ROSTER_URL ?? "";
const roster = createRoster({ url });
const never = () => Promise.reject(new Error("waits"));

function person(): { username: string; email: string } {
  const username = `ts-${crypto.randomUUID()}`;
  return { username, email: `${username}@example.com` };
}

/** failing sends requests, and gives the responses to what the test makes of them. */
function failing(times: number, fail: (request: Request) => Promise<Response>): { client: Roster; sent: Request[]; waits: number[] } {
  const sent: Request[] = [];
  const waits: number[] = [];
  const client = createRoster({
    url,
    fetch: (request) => {
      sent.push(request.clone());
      return sent.length <= times ? fail(request) : fetch(request);
    },
    retries: { wait: async (milliseconds) => void waits.push(milliseconds) },
  });
  return { client, sent, waits };
}

test("a list is read page by page, each item once", async () => {
  const domain = `d${crypto.randomUUID()}.example`;
  for (let i = 0; i < 5; i++) {
    const { username } = person();
    await unwrap(roster.POST("/users", { body: { username, email: `u${i}@${domain}` } }));
  }
  const ask = (cursor: string | undefined) =>
    roster.GET("/users", { params: { query: { email_domain: domain, limit: 2, total: "exact", sort: "email", cursor } } });
  const sizes: number[] = [];
  for await (const page of pages(ask)) {
    sizes.push(page.items.length);
    assert.equal(page.total, 5);
    assert.equal(page.totalKind, "exact");
  }
  assert.deepEqual(sizes, [2, 2, 1]);
  const emails: (string | undefined)[] = [];
  for await (const user of each(ask)) emails.push(user.email);
  assert.deepEqual(
    emails,
    [0, 1, 2, 3, 4].map((i) => `u${i}@${domain}`),
  );
});

test("one page is read alone: the first, or that of a cursor", async () => {
  const domain = `d${crypto.randomUUID()}.example`;
  for (let i = 0; i < 3; i++) {
    const { username } = person();
    await unwrap(roster.POST("/users", { body: { username, email: `u${i}@${domain}` } }));
  }
  let asked = 0;
  const ask = (cursor: string | undefined) => {
    asked++;
    return roster.GET("/users", { params: { query: { email_domain: domain, limit: 2, total: "exact", sort: "email", cursor } } });
  };
  const first = await page(ask);
  assert.deepEqual(
    first.items.map(({ email }) => email),
    [`u0@${domain}`, `u1@${domain}`],
  );
  assert.equal(first.total, 3);
  assert.equal(first.totalKind, "exact");
  assert.equal(asked, 1);
  const last = await page(ask, first.next);
  assert.deepEqual(
    last.items.map(({ email }) => email),
    [`u2@${domain}`],
  );
  assert.equal(last.next, undefined);
  const refused = (error: unknown) => error instanceof ProblemError && error.status === 400;
  await assert.rejects(page(ask, "nonsense"), refused);
});

test("a list of fields is sent with commas", async () => {
  const [user] = await unwrap(roster.GET("/users", { params: { query: { limit: 1, fields: ["id", "username"] } } }));
  assert.deepEqual(Object.keys(user ?? {}), ["id", "username"]);
});

test("a search has pages, too", async () => {
  const { username, email } = person();
  await unwrap(roster.POST("/users", { body: { username, email } }));
  const found = [];
  const ask = (cursor: string | undefined) => roster.POST("/users/search", { params: { query: { cursor } }, body: { term: username } });
  for await (const user of each(ask)) found.push(user.match);
  assert.deepEqual(found, ["exact"]);
});

test("a write whose response got lost takes effect once", async () => {
  const { client, sent } = failing(1, async (request) => {
    await fetch(request); // it arrives
    throw new TypeError("the connection broke");
  });
  const body = person();
  const made = await unwrap(client.POST("/users", { body }));
  assert.equal(made.username, body.username);
  assert.equal(sent.length, 2);
  assert.ok(sent[0]?.headers.get("Idempotency-Key"));
  assert.equal(sent[0]?.headers.get("Idempotency-Key"), sent[1]?.headers.get("Idempotency-Key"));
  assert.equal((await unwrap(roster.GET("/users", { params: { query: { username: body.username } } }))).length, 1);
});

test("a read waits as long as the server says", async () => {
  for (const status of [429, 503]) {
    const busy = () => Promise.resolve(new Response("{}", { status, headers: { "Retry-After": "7" } }));
    const { client, waits } = failing(2, busy);
    await unwrap(client.GET("/plans"));
    assert.equal(waits.length, 2);
    assert.ok(
      waits.every((each) => each >= 7000 && each < 9000),
      String(waits),
    );
  }
});

test("retries end", async () => {
  const { client, sent } = failing(99, () => Promise.resolve(new Response("{}", { status: 503 })));
  await assert.rejects(unwrap(client.GET("/plans")), (error) => error instanceof ProblemError && error.status === 503);
  assert.equal(sent.length, 4);
});

test("what may take effect twice is sent once", async () => {
  const { client, sent } = failing(99, () => Promise.reject(new TypeError("the connection broke")));
  const path = { id: crypto.randomUUID() };
  await assert.rejects(client.DELETE("/users/{id}", { params: { path } }), (error) => error instanceof TypeError);
  assert.equal(sent.length, 1);
});

test("an aborted request is not sent again", async () => {
  const controller = new AbortController();
  let sent = 0;
  const client = createRoster({
    url,
    retries: { wait: never },
    fetch: (request) => {
      sent++;
      controller.abort();
      return fetch(request);
    },
  });
  await assert.rejects(client.GET("/plans", { signal: controller.signal }), (error) => (error as Error).name === "AbortError");
  assert.equal(sent, 1);
});

test("problems have a kind and faults by place", async () => {
  const refused = (error: unknown) =>
    error instanceof ProblemError && error.kind === "invalid" && error.fault("/email") !== undefined && error.status === 422;
  await assert.rejects(unwrap(roster.POST("/users", { body: { username: "a", email: "nonsense" } })), refused);
  const unknown = (error: unknown) => error instanceof ProblemError && error.kind === "not-found";
  await assert.rejects(unwrap(roster.GET("/users/{id}", { params: { path: { id: crypto.randomUUID() } } })), unknown);
});

test("a response of another program is a problem without a kind", async () => {
  const client = createRoster({ url, fetch: async () => new Response("<html>", { status: 502 }) });
  await assert.rejects(
    unwrap(client.GET("/plans")),
    (error) => error instanceof ProblemError && error.status === 502 && error.kind === undefined,
  );
});

test("a refused token is renewed, and the request sent again", async () => {
  const tokens: (string | null)[] = [];
  let token = "old";
  const client = createRoster({
    url,
    token: () => token,
    renew: async (refused) => {
      assert.equal(refused, "old");
      token = "new";
      return true;
    },
    fetch: async (request) => {
      tokens.push(request.headers.get("Authorization"));
      return tokens.length === 1 ? new Response("{}", { status: 401 }) : fetch(request);
    },
  });
  const body = person();
  assert.equal((await unwrap(client.POST("/users", { body }))).username, body.username);
  assert.deepEqual(tokens, ["Bearer old", "Bearer new"]);
});

test("the kinds are those of docs/problems.md", async () => {
  const documented = [...(await readFile("docs/problems.md", "utf8")).matchAll(/^## (.*)$/gm)].map((match) => match[1]);
  const source = await readFile("adapters/rest/client-ts/src/problem.ts", "utf8");
  const declared = /type ProblemKind =([^;]*);/.exec(source)?.[1]?.match(/[a-z][a-z-]*/g);
  assert.deepEqual(declared?.sort(), documented.sort());
});
