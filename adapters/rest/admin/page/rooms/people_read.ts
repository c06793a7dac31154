import type { components } from "../../../client-ts/src/index";
import { page, type Page } from "../../../client-ts/src/index";
import { roles } from "../rights";
import { choice, text } from "../route";
import { roster } from "../session";
import { readersZone, startOfDay, addDays } from "../ui/time";

export type Found = components["schemas"]["UserView"] & Partial<Pick<components["schemas"]["FoundUser"], "match" | "highlight">>;
export type People = Page<Found>;

const sorts = ["-created_at", "created_at", "username", "-username", "email", "-email", "-updated_at", "updated_at"] as const;

/** The filters in the address, as both the list and the search take them. */
export function filters(query: URLSearchParams) {
  const status = choice(query, "status", ["active", "suspended"] as const);
  const role = choice(query, "role", roles);
  const deleted = choice(query, "deleted", ["include", "only"] as const);
  const [organization, plan, domain] = ["organization", "plan", "domain"].map((name) => text(query, name).trim() || undefined);
  const [from, to] = ["from", "to"].map((name) => text(query, name) || undefined);
  return {
    status,
    role,
    deleted,
    organization,
    plan,
    email_domain: domain,
    created_from: from && startOfDay(from, readersZone),
    created_to: to && startOfDay(addDays(to, 1), readersZone),
  };
}

/** readPeople asks for the page that the address describes. */
export async function readPeople(query: URLSearchParams, signal: AbortSignal): Promise<People> {
  const term = text(query, "q").trim();
  const shared = filters(query);
  const sort = choice(query, "sort", sorts);
  const list = (cursor: string | undefined) =>
    roster.GET("/users", { params: { query: { limit: 25, total: "capped", ...shared, sort, cursor } }, signal });
  const search = (cursor: string | undefined) =>
    roster.POST("/users/search", { params: { query: { limit: 25, highlight: "html", ...shared, cursor } }, body: { term }, signal });
  return page<Found>(term === "" ? list : search, text(query, "cursor") || undefined);
}
