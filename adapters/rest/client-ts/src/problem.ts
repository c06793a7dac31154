import type { components } from "./schema.gen.js";

/** A problem document of RFC 9457, as Roster answers every failure. */
export type Problem = components["schemas"]["Problem"];

/** What went wrong: the last part of a problem's type. docs/problems.md explains each. */
export type ProblemKind =
  | "unreadable"
  | "parameter"
  | "key"
  | "unauthenticated"
  | "denied"
  | "expired"
  | "held"
  | "origin"
  | "not-found"
  | "no-path"
  | "method"
  | "not-acceptable"
  | "too-slow"
  | "taken"
  | "in-use"
  | "importing"
  | "last-owner"
  | "seats"
  | "key-in-progress"
  | "conflict"
  | "lost"
  | "stale"
  | "too-large"
  | "too-long"
  | "media-type"
  | "host"
  | "invalid"
  | "key-reused"
  | "precondition-required"
  | "rate"
  | "internal"
  | "read-only"
  | "restored"
  | "overloaded"
  | "busy"
  | "unavailable";

/** An error response of Roster. */
export class ProblemError extends Error {
  readonly problem: Problem;
  readonly status: number;
  /** The kind; undefined where a program before Roster, such as a proxy, answered. */
  readonly kind: ProblemKind | undefined;

  constructor(response: Response, body: unknown) {
    const problem = isProblem(body)
      ? body
      : {
          type: "about:blank",
          title: `HTTP status ${response.status}`,
          status: response.status,
          detail: `the response with status ${response.status} is not from Roster`,
          request_id: response.headers.get("X-Request-Id") ?? "",
        };
    super(problem.detail);
    this.name = "ProblemError";
    this.problem = problem;
    this.status = response.status;
    const [, kind] = problem.type.split("#");
    this.kind = kind as ProblemKind | undefined;
  }

  /** The fault of a field of the body ("/email") or of a parameter; undefined if it has none. */
  fault(place: string): components["schemas"]["Fault"] | undefined {
    return this.problem.errors?.find((fault) => fault.pointer === place || fault.parameter === place);
  }
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "type" in body && "detail" in body && "status" in body;
}

/** What a call of the client returns. */
type Result<T> = { data?: T; error?: unknown; response: Response };

/** unwrap returns the data of a call, or throws a ProblemError. */
export async function unwrap<T>(call: Promise<Result<T>>): Promise<T> {
  const { data, error, response } = await call;
  if (!response.ok) throw new ProblemError(response, error);
  return data as T;
}
