import { useState } from "preact/hooks";
import { isMissing, useLoad } from "../load";
import type { Rights } from "../rights";
import { href } from "../route";
import { Failure } from "../ui/failure";
import { Time } from "../ui/time";
import { Empty, Result, View } from "../ui/view";
import { Affiliations } from "./person_affiliations";
import { PersonActions } from "./person_actions";
import { read } from "./person_change";
import { type User } from "./person_draft";
import { EditPerson } from "./person_edit";
import { Status } from "./people_table";

/** One person: what Roster knows, and what may be done. */
export function Person({ id, rights }: { id: string; rights: Rights }) {
  const person = useLoad((signal) => read(id, rights.restoreUsers, signal), [id]);
  const [editing, setEditing] = useState(false);
  const { error, data: user } = person;
  if (isMissing(error)) return <Missing error={error} />;
  const title = user?.display_name ?? "A person";
  const live = user !== undefined && user.deleted_at === undefined;
  const actions =
    user === undefined ? undefined : (
      <>
        {live && rights.describeUsers ? (
          <button type="button" class="main" onClick={() => setEditing(true)}>
            Edit
          </button>
        ) : null}
        <PersonActions user={user} rights={rights} onChange={person.reload} />
      </>
    );
  return (
    <View title={title} actions={actions}>
      <Result loaded={person}>
        {(shown) => (
          <>
            <Facts user={shown} />
            {shown.deleted_at === undefined ? <Affiliations user={shown} rights={rights} /> : null}
          </>
        )}
      </Result>
      {editing && user !== undefined ? (
        <EditPerson user={user} rights={rights} onClose={() => setEditing(false)} onSaved={person.reload} />
      ) : null}
    </View>
  );
}

function Missing({ error }: { error: Error }) {
  return (
    <View title="No such person">
      <Empty>
        <Failure error={error} />
        <p>
          The person may be deleted, or the address may be wrong. <a href={href(["people"])}>Search the people.</a>
        </p>
      </Empty>
    </View>
  );
}

function Facts({ user }: { user: User }) {
  const attributes = Object.entries(user.attributes);
  return (
    <section aria-label="Facts">
      <dl class="facts">
        <dt>Status</dt>
        <dd>
          <Status person={user} />
        </dd>
        <dt>Username</dt>
        <dd>{user.username}</dd>
        <dt>Email</dt>
        <dd>{user.email}</dd>
        {user.external_id === undefined ? null : (
          <>
            <dt>External id</dt>
            <dd>{user.external_id}</dd>
          </>
        )}
        <dt>Added</dt>
        <dd>
          <Time at={user.created_at} />
        </dd>
        <dt>Last changed</dt>
        <dd>
          <Time at={user.updated_at} />
        </dd>
        {user.deleted_at === undefined ? null : (
          <>
            <dt>Deleted</dt>
            <dd>
              <Time at={user.deleted_at} />
            </dd>
          </>
        )}
        <dt>Version</dt>
        <dd>{user.version}</dd>
        <dt>Id</dt>
        <dd class="id">{user.id}</dd>
      </dl>
      <h2>Attributes</h2>
      {attributes.length === 0 ? (
        <p class="quiet">None. Attributes hold what your team knows besides.</p>
      ) : (
        <dl class="facts">
          {attributes.map(([name, value]) => (
            <>
              <dt>{name}</dt>
              <dd>{typeof value === "string" ? value : <code>{JSON.stringify(value)}</code>}</dd>
            </>
          ))}
        </dl>
      )}
    </section>
  );
}
