import { useState } from "preact/hooks";
import { ProblemError } from "../../../client-ts/src/index";
import { useAction, useLoad } from "../load";
import { leave, settings } from "../provider";
import { admitWith, type SignInReason } from "../session";
import { Store, useStore } from "../store";
import { Failure } from "./failure";
import { Field, Form } from "./form";

/** Why the provider's sign-in failed. */
export const signInFailure = new Store<Error | undefined>(undefined);

const reasons: Record<SignInReason, string> = {
  first: "This directory is for those who have an API key or an account at the provider.",
  refused: "Roster does not accept your sign-in any more: it expired or was revoked. What you see stays here; sign in again to go on.",
  left: "You signed out.",
};

/** How a person proves who they are: with a key, or at the provider. */
export function SignIn({ reason }: { reason: SignInReason }) {
  const [key, setKey] = useState("");
  const action = useAction();
  const failed = useStore(signInFailure);
  const known = useLoad(settings, []);
  const submit = async () => {
    signInFailure.set(undefined);
    try {
      await admitWith({ token: key.trim() });
    } catch (error) {
      throw error instanceof ProblemError && error.status === 401 ? new Error("Roster does not accept this key: " + error.message) : error;
    }
  };
  const issuers = known.data?.issuers ?? [];
  return (
    <>
      <p>{reasons[reason]}</p>
      <Failure error={failed} />
      {issuers.map((issuer) => (
        <Provider key={issuer} issuer={issuer} />
      ))}
      <Form action={action} submit="Sign in with the key" onSubmit={submit}>
        <Field
          label="API key"
          value={key}
          onValue={setKey}
          type="password"
          required
          autoFocus
          hint="It begins with roster_. The page forgets it when you close or reload it."
        />
      </Form>
      <p class="quiet">
        Without a key, somebody who may open the database makes one: <code>roster key create --name my-browser --scope read</code>
      </p>
    </>
  );
}

function Provider({ issuer }: { issuer: string }) {
  const action = useAction();
  return (
    <div>
      <button type="button" class="main" aria-disabled={action.busy} onClick={() => action.run(() => leave(issuer))}>
        Sign in at {new URL(issuer).host}
      </button>
      <Failure error={action.error} />
    </div>
  );
}
