package resttest

import (
	"context"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// reply makes a call of a store return a value, and err.
func reply[In, Out any](call *func(context.Context, In) (Out, error), out Out, err error) {
	*call = func(context.Context, In) (Out, error) { return out, err }
}

// replyOnly is reply for a call that returns no value.
func replyOnly[In any](call *func(context.Context, In) error, err error) {
	*call = func(context.Context, In) error { return err }
}

// replyAll makes every call of the stores return Ada or Analytical Engines, and
// err. A call that creates something returns what it was given.
func (w *world) replyAll(err error) {
	w.replyUsers(err)
	w.replyOrganizations(err)
	reply(&w.memberships.OrganizationsOfFunc, ports.Page[domain.Affiliation]{Items: []domain.Affiliation{{
		Organization: engines(), Role: domain.Owner, JoinedAt: instant("2026-01-01T00:00:01Z"),
	}}}, err)
	w.memberships.MembershipOfFunc = func(context.Context, domain.OrganizationID, domain.UserID) (domain.Membership, error) {
		return ownership(), err
	}
	reply(&w.memberships.MembersFunc, ports.Page[domain.Membership]{Items: []domain.Membership{ownership(), ownership()}}, err)
	reply(&w.memberships.SetRoleFunc, ownership(), err)
	w.memberships.AddMemberFunc = func(_ context.Context, m domain.Membership) (domain.Membership, error) { return m, err }
	w.memberships.RemoveMemberFunc = func(context.Context, domain.OrganizationID, domain.UserID) error { return err }
	w.plans.ListPlansFunc = func(context.Context) ([]domain.Plan, error) { return []domain.Plan{free(), team()}, err }
	reply(&w.plans.PlanByCodeFunc, team(), err)
	reply(&w.plans.PutPlanFunc, false, err)
	replyOnly(&w.plans.DeletePlanFunc, err)
	w.replyAPIKeys(err)
	w.replyLog(err)
	w.replyWebhooks(err)
	reply(&w.events.ReportEngagementFunc, ports.Page[domain.Engagement]{Items: report()}, err)
	w.events.AddEventsFunc = func(_ context.Context, in ports.AddEvents) ([]ports.Outcome, error) {
		outcomes := make([]ports.Outcome, len(in.Events))
		for i := range outcomes {
			outcomes[i] = ports.Accepted
		}
		return outcomes, err
	}
}

func (w *world) replyAPIKeys(err error) {
	reply(&w.apiKeys.StoredAPIKeyFunc, storedKey(), err)
	reply(&w.apiKeys.ListAPIKeysFunc, ports.Page[domain.APIKey]{Items: []domain.APIKey{storedKey().Key, plainKey()}}, err)
	replyOnly(&w.apiKeys.CreateAPIKeyFunc, err)
	replyOnly(&w.apiKeys.RevokeAPIKeyFunc, err)
	reply(&w.apiKeys.RotateAPIKeyFunc, storedKey().Key, err)
	replyOnly(&w.apiKeys.NoteAPIKeyUsesFunc, err)
}

func (w *world) replyLog(err error) {
	reply(&w.log.ListLogFunc, ports.Page[domain.LogEntry]{Items: entries()}, err)
	reply(&w.log.FollowLogFunc, followed(), err)
	w.log.LogEndFunc = func(context.Context) (ports.LogPosition, error) { return followed().Next, err }
	w.log.LogWrittenFunc = func() <-chan struct{} { return nil }
}

func (w *world) replyWebhooks(err error) {
	reply(&w.webhooks.WebhookByIDFunc, webhook(), err)
	reply(&w.webhooks.ListWebhooksFunc, ports.Page[domain.Webhook]{Items: []domain.Webhook{webhook(), plainWebhook()}}, err)
	w.webhooks.WebhookSecretsFunc = func(context.Context, domain.WebhookID, time.Time) ([]domain.WebhookSecret, error) {
		return []domain.WebhookSecret{domain.WebhookSecretOf(make([]byte, 32))}, err
	}
	replyOnly(&w.webhooks.CreateWebhookFunc, err)
	reply(&w.webhooks.ChangeWebhookFunc, plainWebhook(), err)
	replyOnly(&w.webhooks.RotateWebhookSecretFunc, err)
	replyOnly(&w.webhooks.DeleteWebhookFunc, err)
	w.sender.CheckWebhookURLFunc = func(domain.WebhookURL) error { return nil }
	w.sender.SendWebhookFunc = func(context.Context, ports.WebhookMessage) ports.WebhookOutcome {
		return ports.WebhookOutcome{Status: 204}
	}
}

func (w *world) replyUsers(err error) {
	reply(&w.users.UserByIDFunc, ada(), err)
	reply(&w.users.AnyUserByIDFunc, deletedAda(), err)
	reply(&w.users.UserByUsernameFunc, ada(), err)
	reply(&w.users.UserByEmailFunc, ada(), err)
	reply(&w.users.UserByExternalIDFunc, ada(), err)
	reply(&w.users.UsersByIDFunc, []domain.User{ada()}, err)
	reply(&w.users.ListUsersFunc, ports.Page[domain.User]{Items: []domain.User{ada(), ada()}}, err)
	reply(&w.users.CountUsersFunc, domain.Total{N: 1815, Kind: domain.CountExact}, err)
	reply(&w.users.ListChangesFunc, ports.Changes{}, err)
	reply(&w.users.SearchUsersFunc, found(ada()), err)
	w.users.CreateUserFunc = func(_ context.Context, in ports.CreateUser) (domain.User, error) { return in.User, err }
	reply(&w.users.ReplaceUserFunc, ada(), err)
	reply(&w.users.PatchUserFunc, ada(), err)
	replyOnly(&w.users.DeleteUserFunc, err)
	reply(&w.users.RestoreUserFunc, ada(), err)
	reply(&w.users.EraseUserFunc, finished(), err)
	reply(&w.users.UserErasureFunc, finished(), err)
	reply(&w.users.UserHoldFunc, instant("2026-01-03T00:00:00Z"), err)
	reply(&w.users.HoldUserFunc, instant("2026-01-03T00:00:00Z"), err)
	replyOnly(&w.users.ReleaseUserFunc, err)
	w.bulk.ExportUserFunc = func(_ context.Context, _ domain.UserID, write func(ports.KeptRecord) error) error {
		if err != nil {
			return err
		}
		return write(ports.KeptRecord(keptJSON))
	}
}

func (w *world) replyOrganizations(err error) {
	reply(&w.organizations.OrganizationByIDFunc, engines(), err)
	reply(&w.organizations.OrganizationBySlugFunc, engines(), err)
	reply(&w.organizations.ListOrganizationsFunc, ports.Page[domain.Organization]{Items: []domain.Organization{engines(), engines()}}, err)
	w.organizations.CountOrganizationsFunc = func(context.Context, domain.PlanCode, domain.Counting) (domain.Total, error) {
		return domain.Total{N: 1843, Kind: domain.CountEstimate}, err
	}
	w.organizations.CreateOrganizationFunc = func(_ context.Context, in ports.CreateOrganization) (domain.Organization, error) {
		return in.Organization, err
	}
	reply(&w.organizations.ReplaceOrganizationFunc, engines(), err)
	w.organizations.DeleteOrganizationFunc = func(context.Context, domain.OrganizationID, domain.Version) (ports.Erasure, error) {
		return finished(), err
	}
	reply(&w.organizations.OrganizationErasureFunc, finished(), err)
}
