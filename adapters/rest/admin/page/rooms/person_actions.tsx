import { useState } from "preact/hooks";
import { unwrap } from "../../../client-ts/src/index";
import { useAction } from "../load";
import type { Rights } from "../rights";
import { go } from "../route";
import { outdate, roster } from "../session";
import { Dialog } from "../ui/dialog";
import { Failure } from "../ui/failure";
import { Confirm } from "../ui/form";
import { tell } from "../ui/toast";
import { write } from "./person_change";
import { type User } from "./person_draft";

type Props = { user: User; rights: Rights; onChange: () => void };

/** The buttons that change the state of a person. */
export function PersonActions({ user, rights, onChange }: Props) {
  const action = useAction();
  const [erasing, setErasing] = useState(false);
  const params = { path: { id: user.id } };
  const setStatus = (status: "active" | "suspended") =>
    action.run(async () => {
      const changed = await write(user, { status });
      onChange();
      tell(`${status === "suspended" ? "Suspended" : "Restored"} ${user.display_name}.`, async () => {
        await write(changed, { status: user.status });
        outdate();
      });
    });
  const remove = () =>
    action.run(async () => {
      await unwrap(roster.DELETE("/users/{id}", { params: { ...params, header: { "If-Match": `"${user.version}"` } } }));
      go(["people"]);
      const undo = async () => {
        await unwrap(roster.POST("/users/{id}/restore", { params }));
        go(["people", user.id]);
      };
      tell(`Deleted ${user.display_name}.`, rights.restoreUsers ? undo : undefined);
    });
  const restore = () =>
    action.run(async () => {
      await unwrap(roster.POST("/users/{id}/restore", { params }));
      onChange();
      tell(`Restored ${user.display_name}.`);
    });
  return (
    <>
      <StateButtons user={user} rights={rights} busy={action.busy} onStatus={setStatus} onDelete={remove} onRestore={restore} />
      {rights.restoreUsers ? (
        <button type="button" class="danger" onClick={() => setErasing(true)}>
          Erase…
        </button>
      ) : null}
      <Failure error={action.error} />
      {erasing ? <Erase user={user} onClose={() => setErasing(false)} /> : null}
    </>
  );
}

type StateProps = {
  user: User;
  rights: Rights;
  busy: boolean;
  onStatus: (status: "active" | "suspended") => void;
  onDelete: () => void;
  onRestore: () => void;
};

function StateButtons({ user, rights, busy, onStatus, onDelete, onRestore }: StateProps) {
  if (user.deleted_at !== undefined) {
    return rights.restoreUsers ? (
      <button type="button" class="main" aria-disabled={busy} onClick={onRestore}>
        Restore
      </button>
    ) : null;
  }
  if (!rights.manageUsers) return null;
  const active = user.status === "active";
  return (
    <>
      <button type="button" aria-disabled={busy} onClick={() => onStatus(active ? "suspended" : "active")}>
        {active ? "Suspend" : "Restore"}
      </button>
      <button type="button" class="danger" aria-disabled={busy} onClick={onDelete}>
        Delete
      </button>
    </>
  );
}

function Erase({ user, onClose }: { user: User; onClose: () => void }) {
  const action = useAction();
  const submit = async () => {
    await unwrap(roster.POST("/users/{id}/erase", { params: { path: { id: user.id }, header: { "If-Match": `"${user.version}"` } } }));
    onClose();
    go(["people"]);
    tell(`Erased ${user.display_name} for good.`);
  };
  return (
    <Dialog title={`Erase ${user.display_name}?`} onClose={onClose}>
      <Confirm
        action={action}
        submit="Erase for good"
        onSubmit={submit}
        onCancel={onClose}
        text="All data about this person goes away, with the memberships. Events stay, without the person. This can't be undone."
      />
    </Dialog>
  );
}
