import type { ComponentChildren } from "preact";
import { unwrap } from "../../../client-ts/src/index";
import { useLoad } from "../load";
import { href } from "../route";
import { roster } from "../session";
import { Time } from "../ui/time";
import { plural, Result, View } from "../ui/view";
import type { Organization } from "./membership";
import { seatsOf, type Seats } from "./organization_read";
import type { Found } from "./people_read";

/** What the directory holds. */
const kinds = {
  Users:
    "People and programs. A username, an email and an external id belong to one user only. Suspended users " +
    "stay in the directory but should not act; deleted ones can be restored, erased ones can't.",
  Organizations: "Groups of users, each under one plan. The slug is a unique name for addresses.",
  Plans: "What limits an organization: its seats are the most members that it may have.",
  Memberships:
    "A user in an organization, with a role. Owners give and take any role, admins those below owner. The " +
    "last active owner can't leave.",
  Events:
    "What users do in their organizations, such as a login. Programs send them; the engagement report " +
    "counts those of members. The same event counts once, however often it is sent.",
};

type Example = { user: Found | undefined; organization: Organization | undefined; owner: Found | undefined; seats: Seats | undefined };

/** readExample takes examples from the directory: the newest user, and an organization with its owner. */
async function readExample(signal: AbortSignal): Promise<Example> {
  const [[user], [organization]] = await Promise.all([
    unwrap(roster.GET("/users", { params: { query: { limit: 1 } }, signal })),
    unwrap(roster.GET("/organizations", { params: { query: { limit: 1, sort: "created_at" } }, signal })),
  ]);
  if (organization === undefined) return { user, organization, owner: undefined, seats: undefined };
  const [[owner], seats] = await Promise.all([
    unwrap(roster.GET("/users", { params: { query: { organization: organization.id, role: "owner", limit: 1 } }, signal })),
    seatsOf(organization, signal),
  ]);
  return { user, organization, owner, seats };
}

/** What the directory holds, told with the reader's own data. */
export function Model() {
  const example = useLoad(readExample, []);
  return (
    <View title="The model">
      <p>Roster holds five kinds of things. The examples are from your directory.</p>
      <Result loaded={example}>{(data) => <Kinds example={data} />}</Result>
      <p>
        Programs do all of this through the <a href="docs">HTTP API</a>; this page uses nothing else.
      </p>
    </View>
  );
}

function Kinds({ example: { user, organization, owner, seats } }: { example: Example }) {
  return (
    <>
      <Kind name="Users">
        {user === undefined ? (
          <>
            There is nobody yet: <a href={href(["people"])}>add a person</a>.
          </>
        ) : (
          <>
            <a href={href(["people", user.id ?? ""])}>{user.display_name}</a> is the newest user: <b>{user.username}</b>, {user.email},{" "}
            added <Time at={user.created_at ?? ""} />.
          </>
        )}
      </Kind>
      <Kind name="Organizations">
        {organization === undefined ? (
          <>
            There is none yet: <a href={href(["organizations"])}>add one</a>.
          </>
        ) : (
          <>
            <a href={href(["organizations", organization.id])}>{organization.name}</a> is the oldest. Its slug is <b>{organization.slug}</b>
            .
          </>
        )}
      </Kind>
      <Kind name="Plans">
        {seats === undefined ? null : (
          <>
            {organization?.name} is on the plan <b>{seats.plan.name}</b>, which has{" "}
            {seats.plan.seats === null ? "no limit" : plural(seats.plan.seats, "seat", "seats")};{" "}
            {plural(seats.used, "member uses one", "members use one each")}.
          </>
        )}
      </Kind>
      <Kind name="Memberships">
        {owner === undefined ? null : (
          <>
            <a href={href(["people", owner.id ?? ""])}>{owner.display_name}</a> is an <b>owner</b> of {organization?.name}.
          </>
        )}
      </Kind>
      <Kind name="Events">
        {organization === undefined ? null : (
          <>
            See <a href={href(["engagement"], { organization: organization.id })}>what the members of {organization.name} did</a>.
          </>
        )}
      </Kind>
    </>
  );
}

function Kind({ name, children }: { name: keyof typeof kinds; children: ComponentChildren }) {
  return (
    <section aria-label={name}>
      <h2>{name}</h2>
      <p>{kinds[name]}</p>
      <p class="example">{children}</p>
    </section>
  );
}
