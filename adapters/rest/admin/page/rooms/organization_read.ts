import { page, unwrap } from "../../../client-ts/src/index";
import { useLoad, type Loaded } from "../load";
import { roster } from "../session";
import type { Organization } from "./membership";
import type { Plan } from "./plans";

/** useOrganization reads an organization. */
export function useOrganization(id: string): Loaded<Organization> {
  return useLoad((signal) => unwrap(roster.GET("/organizations/{id}", { params: { path: { id } }, signal })), [id]);
}

/** The plan of an organization, and how many of its seats are used. */
export type Seats = { plan: Plan; used: number };

/** seatsOf counts the members, which the plan limits. */
export async function seatsOf(organization: Organization, signal: AbortSignal): Promise<Seats> {
  const query = { organization: organization.id, limit: 1, fields: ["id" as const], total: "exact" as const };
  const [plan, { total }] = await Promise.all([
    unwrap(roster.GET("/plans/{code}", { params: { path: { code: organization.plan } }, signal })),
    page(() => roster.GET("/users", { params: { query }, signal })),
  ]);
  return { plan, used: total ?? 0 };
}
