// Creates, reads, lists, changes and searches users with the generated types.
import createClient from "openapi-fetch";
import type { components, paths } from "./roster.js";

declare const process: { env: Record<string, string | undefined> };

type Attributes = components["schemas"]["Attributes"];

// A program's own type of attributes, with values of every kind that JSON has.
type OwnAttributes = {
  team: string;
  desk?: number;
  remote: boolean;
  manager: string | null;
  tags: (string | { b: number[] })[];
};

function check(holds: unknown, what: string, value: unknown): asserts holds {
  if (!holds) {
    throw new Error(`the TypeScript client: ${what} ${JSON.stringify(value)}`);
  }
}

// find returns the user with an id in a list of a response.
function find<T extends { id?: string }>(id: string, response: { data?: T[]; error?: unknown }): T {
  const found = response.data?.find((user) => user.id === id);
  check(found, "does not find the user in", response);
  return found;
}

const client = createClient<paths>({ baseUrl: process.env.ROSTER_URL ?? "" });
const name = `ts-${crypto.randomUUID()}`;
const email = `${name}@example.com`;
const own: OwnAttributes = { team: "search", desk: 12, remote: true, manager: null, tags: ["a", { b: [1.5] }] };
const unknownValues: Record<string, unknown> = own;
const attributes: Attributes = unknownValues;

const made = await client.POST("/users", { body: { username: name, email, attributes: own } });
check(made.data, "does not create:", made.error);
const id: string = made.data.id;
const back: Attributes = made.data.attributes;
check(JSON.stringify(back.tags) === JSON.stringify(attributes.tags), "changes attributes:", back);

const path = { id };
const read = await client.GET("/users/{id}", { params: { path } });
check(read.data?.attributes?.desk === 12, "does not read:", read);
const patch = { attributes: { desk: null, floor: 3 } };
const changed = await client.PATCH("/users/{id}", { params: { path }, body: patch });
check(changed.data?.attributes.floor === 3, "does not change:", changed);

find(id, await client.GET("/users", { params: { query: { username: name, limit: 10 } } }));
find(id, await client.GET("/users"));
const match = find(id, await client.POST("/users/search", { body: { term: name } })).match;
check(match === "exact", "finds by", match);

const event = { organization_id: id, user_id: id, kind: "login", occurred_at: made.data.created_at, payload: own };
const added = await client.POST("/events", { body: { events: [event] } });
check(added.data?.rejected[0]?.field === "organization_id", "adds events:", added);
const refused = await client.POST("/users", { body: { username: name, email } });
check(refused.error?.status === 409, "is told", refused);
console.log("The TypeScript client creates, reads, lists, changes and searches users.");
