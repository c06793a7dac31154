import { Store } from "./store";

/**
 * The address of a view: "#/people/ID?q=ada" is the path ["people", "ID"] and the query
 * q=ada. It is the part of the address that browsers keep to themselves, so that no log
 * has what people search for.
 */
export type Route = { path: string[]; query: URLSearchParams };

function parse(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#/, "").split("?", 2);
  const parts = path
    .split("/")
    .filter((part) => part !== "")
    .map(decode);
  return { path: parts.length > 0 ? parts : ["people"], query: new URLSearchParams(query) };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // somebody typed a percent sign
  }
}

export const route = new Store<Route>(parse(location.hash));
addEventListener("hashchange", () => route.set(parse(location.hash)));

/** The values of a query; those that are empty or undefined are left out. */
type Values = Record<string, string | undefined>;

/** href is the address of a view. */
export function href(path: string[], values: Values = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value) query.set(name, value);
  const text = query.toString();
  return "#/" + path.map(encodeURIComponent).join("/") + (text === "" ? "" : "?" + text);
}

/** go opens a view. */
export function go(path: string[], values: Values = {}): void {
  location.hash = href(path, values);
}

/**
 * change sets values of the present query, and goes back to the first page. With replace,
 * the browser's Back skips the present address, as while somebody types.
 */
export function change(values: Values, replace = false): void {
  const { path, query } = route.value;
  const target = href(path, { ...Object.fromEntries(query), cursor: undefined, ...values });
  if (!replace) {
    location.hash = target;
    return;
  }
  history.replaceState(history.state, "", target);
  route.set(parse(location.hash));
}

/** text is a value of the query; empty where it is missing. */
export function text(query: URLSearchParams, name: string): string {
  return query.get(name) ?? "";
}

/** choice is a value of the query if it is one of those allowed; else undefined. */
export function choice<T extends string>(query: URLSearchParams, name: string, allowed: readonly T[]): T | undefined {
  const value = query.get(name);
  return allowed.find((each) => each === value);
}
