import { useState } from "preact/hooks";
import { unwrap } from "../../../client-ts/src/index";
import { isMissing, useAction, useLoad } from "../load";
import type { Rights } from "../rights";
import { go, href } from "../route";
import { roster } from "../session";
import { Dialog } from "../ui/dialog";
import { Failure } from "../ui/failure";
import { Confirm } from "../ui/form";
import { Time } from "../ui/time";
import { tell } from "../ui/toast";
import { count, Empty, plural, Result, View } from "../ui/view";
import { Members } from "./members";
import type { Organization as Stored } from "./membership";
import { EditOrganization } from "./organization_edit";
import { seatsOf, useOrganization } from "./organization_read";

/** One organization: its plan, seats and members. */
export function Organization({ id, query, rights }: { id: string; query: URLSearchParams; rights: Rights }) {
  const organization = useOrganization(id);
  const [open, setOpen] = useState<"edit" | "delete">();
  const { data, error } = organization;
  if (isMissing(error)) {
    return (
      <View title="No such organization">
        <Empty>
          <Failure error={error} />
          <p>
            <a href={href(["organizations"])}>Show the organizations.</a>
          </p>
        </Empty>
      </View>
    );
  }
  const actions =
    data === undefined ? undefined : (
      <>
        {rights.renameOrganization ? (
          <button type="button" class="main" onClick={() => setOpen("edit")}>
            Edit
          </button>
        ) : null}
        {rights.manageOrganizations ? (
          <button type="button" class="danger" onClick={() => setOpen("delete")}>
            Delete…
          </button>
        ) : null}
      </>
    );
  const close = () => setOpen(undefined);
  return (
    <View title={data?.name ?? "An organization"} actions={actions}>
      <Result loaded={organization}>
        {(shown) => (
          <>
            <Facts organization={shown} />
            <Members organization={shown} query={query} rights={rights} />
          </>
        )}
      </Result>
      {open === "edit" && data !== undefined ? (
        <EditOrganization organization={data} rights={rights} onClose={close} onSaved={organization.reload} />
      ) : null}
      {open === "delete" && data !== undefined ? <Delete organization={data} onClose={close} /> : null}
    </View>
  );
}

function Facts({ organization }: { organization: Stored }) {
  const seats = useLoad((signal) => seatsOf(organization, signal), [organization.id, organization.version]);
  const { id } = organization;
  return (
    <section aria-label="Facts">
      <dl class="facts">
        <dt>Slug</dt>
        <dd>{organization.slug}</dd>
        <dt>Plan</dt>
        <dd>{seats.data?.plan.name ?? organization.plan}</dd>
        <dt>Seats</dt>
        <dd>
          {seats.data === undefined ? "…" : <SeatsUsed used={seats.data.used} seats={seats.data.plan.seats} />}
          <Failure error={seats.error} />
        </dd>
        <dt>Added</dt>
        <dd>
          <Time at={organization.created_at} />
        </dd>
        <dt>Id</dt>
        <dd class="id">{id}</dd>
      </dl>
      <p>
        <a href={href(["engagement"], { organization: id })}>What its members did</a> ·{" "}
        <a href={href(["people"], { organization: id })}>Its members among the people</a>
      </p>
    </section>
  );
}

function SeatsUsed({ used, seats }: { used: number; seats: number | null }) {
  if (seats === null) return <>{plural(used, "member", "members")}; the plan has no limit</>;
  const text = `${count(used)} of ${plural(seats, "seat", "seats")} used`;
  return (
    <>
      {text}
      {used >= seats ? ": no seat is left" : ""} <meter min={0} max={seats} value={used} aria-label={text} />
    </>
  );
}

function Delete({ organization, onClose }: { organization: Stored; onClose: () => void }) {
  const action = useAction();
  const submit = async () => {
    const params = { path: { id: organization.id }, header: { "If-Match": `"${organization.version}"` } };
    await unwrap(roster.DELETE("/organizations/{id}", { params }));
    onClose();
    go(["organizations"]);
    tell(`Deleted ${organization.name} for good.`);
  };
  return (
    <Dialog title={`Delete ${organization.name}?`} onClose={onClose}>
      <Confirm
        action={action}
        submit="Delete for good"
        onSubmit={submit}
        onCancel={onClose}
        text="The organization goes away with its memberships and events. Its members stay in the directory. This can't be undone."
      />
    </Dialog>
  );
}
