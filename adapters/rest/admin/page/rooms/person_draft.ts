import type { components } from "../../../client-ts/src/index";

export type User = components["schemas"]["User"];
type Patch = components["schemas"]["UserPatch"];

/** The fields that a person's form has, as texts. */
export type Draft = { display_name: string; username: string; email: string; external_id: string; attributes: string };
export type DraftField = keyof Draft;

export const fieldNames: Record<DraftField, string> = {
  display_name: "Name",
  username: "Username",
  email: "Email",
  external_id: "External id",
  attributes: "Attributes",
};
export const draftFields = Object.keys(fieldNames) as DraftField[];

export function draftOf(user: User): Draft {
  return {
    display_name: user.display_name,
    username: user.username,
    email: user.email,
    external_id: user.external_id ?? "",
    attributes: JSON.stringify(user.attributes, null, 2),
  };
}

/** same compares two texts of a field; attributes by what they hold. */
export function same(field: DraftField, a: string, b: string): boolean {
  if (a === b) return true;
  if (field !== "attributes") return false;
  try {
    return canonical(JSON.parse(a)) === canonical(JSON.parse(b));
  } catch {
    return false;
  }
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    isObject(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}

type Json = Record<string, unknown>;

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** parseAttributes reads the text of the form. The error says what to write. */
function parseAttributes(text: string): Json {
  const value: unknown = text.trim() === "" ? {} : parse(text);
  if (!isObject(value)) throw new Error("The attributes are not a JSON object: begin with { and end with }.");
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`The attributes are not JSON: ${(error as Error).message}`);
  }
}

/** difference is the merge patch (RFC 7396) that makes one object the other. */
function difference(from: Json, to: Json): Json {
  const patch: Json = {};
  for (const name of Object.keys(from)) if (!(name in to)) patch[name] = null;
  for (const [name, value] of Object.entries(to)) {
    const before = from[name];
    if (canonical(before) === canonical(value) && name in from) continue;
    if (value === null) throw new Error(`The attributes can't get null here: leave ${name} out.`);
    patch[name] = isObject(before) && isObject(value) ? difference(before, value) : value;
  }
  return patch;
}

/** patchOf has the fields in which a draft differs from a stored person. */
export function patchOf(user: User, draft: Draft): Patch {
  const patch: Patch = {};
  for (const name of ["display_name", "username", "email"] as const) if (draft[name] !== user[name]) patch[name] = draft[name];
  if (draft.external_id !== (user.external_id ?? "")) patch.external_id = draft.external_id === "" ? null : draft.external_id;
  const attributes = difference(user.attributes as Json, parseAttributes(draft.attributes));
  if (Object.keys(attributes).length > 0) patch.attributes = attributes as NonNullable<Patch["attributes"]>;
  return patch;
}
