package resttest

import (
	"context"
	"strings"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"github.com/roster-directory/roster/adapters/rest/client"
	"github.com/roster-directory/roster/domain"
)

// clientCall is a request for an operation, and the status of its response.
type clientCall struct {
	name   string
	status int
	do     func() (statusCoder, error)
}

func call[A statusCoder](name string, status int, do func() (A, error)) clientCall {
	return clientCall{name, status, func() (statusCoder, error) { return do() }}
}

func clientCalls(ctx context.Context, c *client.ClientWithResponses) []clientCall {
	return append(append(userCalls(ctx, c), organizationCalls(ctx, c)...), append(append(keyCalls(ctx, c), logCalls(ctx, c)...),
		otherCalls(ctx, c)...)...)
}

// IDs as the client has them.
var (
	adaUUID = domain.MustParse(uuid.Parse(adaID))
	orgUUID = domain.MustParse(uuid.Parse(orgID))
)

func userCalls(ctx context.Context, c *client.ClientWithResponses) []clientCall {
	key, tag := `"a-key"`, `"2"`
	bob := client.NewUser{Username: "bob", Email: "bob@example.com"}
	return []clientCall{
		call("listUsers", 200, func() (*client.ListUsersResponse, error) {
			sort, active := client.ListUsersParamsSortUsername, client.StatusActive
			return c.ListUsersWithResponse(ctx, &client.ListUsersParams{Limit: new(10), Sort: &sort, Status: &active})
		}),
		call("createUser", 201, func() (*client.CreateUserResponse, error) {
			return c.CreateUserWithResponse(ctx, &client.CreateUserParams{IdempotencyKey: &key}, bob)
		}),
		call("searchUsers", 200, func() (*client.SearchUsersResponse, error) {
			return c.SearchUsersWithResponse(ctx, nil, client.Search{Term: "ada"})
		}),
		call("lookUpUsers", 200, func() (*client.LookUpUsersResponse, error) {
			return c.LookUpUsersWithResponse(ctx, nil, client.Lookup{Ids: []client.ID{adaUUID}})
		}),
		call("getUser", 304, func() (*client.GetUserResponse, error) {
			return c.GetUserWithResponse(ctx, adaUUID, &client.GetUserParams{IfNoneMatch: &tag})
		}),
		call("replaceUser", 200, func() (*client.ReplaceUserResponse, error) {
			return c.ReplaceUserWithResponse(ctx, adaUUID, &client.ReplaceUserParams{IfMatch: &tag},
				client.UserReplacement{Username: "bob", Email: "bob@example.com"})
		}),
		call("patchUser", 200, func() (*client.PatchUserResponse, error) {
			return c.PatchUserWithResponse(ctx, adaUUID, nil, client.UserPatch{DisplayName: new("Ada")})
		}),
		call("deleteUser", 204, func() (*client.DeleteUserResponse, error) { return c.DeleteUserWithResponse(ctx, adaUUID, nil) }),
		call("restoreUser", 200, func() (*client.RestoreUserResponse, error) { return c.RestoreUserWithResponse(ctx, adaUUID, nil) }),
		call("eraseUser", 204, func() (*client.EraseUserResponse, error) { return c.EraseUserWithResponse(ctx, adaUUID, nil) }),
		call("getUserHold", 200, func() (*client.GetUserHoldResponse, error) { return c.GetUserHoldWithResponse(ctx, adaUUID) }),
		call("holdUser", 200, func() (*client.HoldUserResponse, error) { return c.HoldUserWithResponse(ctx, adaUUID) }),
		call("releaseUser", 204, func() (*client.ReleaseUserResponse, error) { return c.ReleaseUserWithResponse(ctx, adaUUID) }),
		call("exportUser", 200, func() (*client.ExportUserResponse, error) { return c.ExportUserWithResponse(ctx, adaUUID) }),
		call("getUserErasure", 200, func() (*client.GetUserErasureResponse, error) { return c.GetUserErasureWithResponse(ctx, adaUUID) }),
		call("listUserOrganizations", 200, func() (*client.ListUserOrganizationsResponse, error) {
			return c.ListUserOrganizationsWithResponse(ctx, adaUUID, nil)
		}),
	}
}

func keyCalls(ctx context.Context, c *client.ClientWithResponses) []clientCall {
	return []clientCall{
		call("getCaller", 200, func() (*client.GetCallerResponse, error) { return c.GetCallerWithResponse(ctx) }),
		call("getProtectedResource", 404, func() (*client.GetProtectedResourceResponse, error) {
			return c.GetProtectedResourceWithResponse(ctx)
		}),
		call("listKeys", 200, func() (*client.ListKeysResponse, error) {
			return c.ListKeysWithResponse(ctx, &client.ListKeysParams{Organization: &orgUUID})
		}),
		call("createKey", 201, func() (*client.CreateKeyResponse, error) {
			return c.CreateKeyWithResponse(ctx, client.NewKey{Name: "billing", Scopes: client.Scopes{client.ScopeRead}})
		}),
		call("getKey", 200, func() (*client.GetKeyResponse, error) { return c.GetKeyWithResponse(ctx, adaUUID) }),
		call("rotateKey", 201, func() (*client.RotateKeyResponse, error) {
			return c.RotateKeyWithResponse(ctx, adaUUID, client.KeyRotation{ExpiresAt: new(instant("2036-01-01T00:00:00Z"))})
		}),
		call("revokeKey", 204, func() (*client.RevokeKeyResponse, error) { return c.RevokeKeyWithResponse(ctx, adaUUID) }),
	}
}

func organizationCalls(ctx context.Context, c *client.ClientWithResponses) []clientCall {
	return []clientCall{
		call("listOrganizations", 200, func() (*client.ListOrganizationsResponse, error) { return c.ListOrganizationsWithResponse(ctx, nil) }),
		call("createOrganization", 201, func() (*client.CreateOrganizationResponse, error) {
			return c.CreateOrganizationWithResponse(ctx, nil,
				client.NewOrganization{Name: "Engines", Slug: "engines-2", Plan: "free", Owner: adaUUID})
		}),
		call("getOrganization", 200, func() (*client.GetOrganizationResponse, error) {
			return c.GetOrganizationWithResponse(ctx, orgUUID, nil)
		}),
		call("replaceOrganization", 200, func() (*client.ReplaceOrganizationResponse, error) {
			return c.ReplaceOrganizationWithResponse(ctx, orgUUID, nil,
				client.OrganizationReplacement{Name: "Engines", Slug: "engines-2", Plan: "free"})
		}),
		call("patchOrganization", 200, func() (*client.PatchOrganizationResponse, error) {
			return c.PatchOrganizationWithResponse(ctx, orgUUID, nil, client.OrganizationPatch{Name: new("Engines")})
		}),
		call("deleteOrganization", 204, func() (*client.DeleteOrganizationResponse, error) {
			return c.DeleteOrganizationWithResponse(ctx, orgUUID, nil)
		}),
		call("getOrganizationErasure", 200, func() (*client.GetOrganizationErasureResponse, error) {
			return c.GetOrganizationErasureWithResponse(ctx, orgUUID)
		}),
		call("listMembers", 200, func() (*client.ListMembersResponse, error) { return c.ListMembersWithResponse(ctx, orgUUID, nil) }),
		call("getMember", 200, func() (*client.GetMemberResponse, error) { return c.GetMemberWithResponse(ctx, orgUUID, adaUUID) }),
		call("putMember", 200, func() (*client.PutMemberResponse, error) {
			return c.PutMemberWithResponse(ctx, orgUUID, adaUUID, nil, client.MembershipReplacement{Role: client.RoleAdmin})
		}),
		call("removeMember", 204, func() (*client.RemoveMemberResponse, error) { return c.RemoveMemberWithResponse(ctx, orgUUID, adaUUID) }),
		call("listPlans", 200, func() (*client.ListPlansResponse, error) { return c.ListPlansWithResponse(ctx) }),
		call("getPlan", 200, func() (*client.GetPlanResponse, error) { return c.GetPlanWithResponse(ctx, "team") }),
		call("putPlan", 200, func() (*client.PutPlanResponse, error) {
			return c.PutPlanWithResponse(ctx, "team", nil, client.PlanReplacement{Name: "Team", Seats: nullable.NewNullNullable[client.Seats]()})
		}),
		call("deletePlan", 204, func() (*client.DeletePlanResponse, error) { return c.DeletePlanWithResponse(ctx, "team") }),
	}
}

func otherCalls(ctx context.Context, c *client.ClientWithResponses) []clientCall {
	event := client.NewEvent{OrganizationID: orgUUID, UserID: adaUUID, Kind: "login", OccurredAt: instant("2025-12-31T22:00:00Z")}
	return []clientCall{
		call("addEvents", 200, func() (*client.AddEventsResponse, error) {
			return c.AddEventsWithResponse(ctx, nil, client.NewEvents{Events: []client.NewEvent{event}})
		}),
		call("reportEngagement", 200, func() (*client.ReportEngagementResponse, error) {
			return c.ReportEngagementWithResponse(ctx,
				&client.ReportEngagementParams{From: instant("2026-01-01T00:00:00Z"), To: instant("2026-02-01T00:00:00Z")})
		}),
		call("exportCollection", 200, func() (*client.ExportCollectionResponse, error) {
			return c.ExportCollectionWithResponse(ctx, client.CollectionUsers)
		}),
		call("importCollection", 200, func() (*client.ImportCollectionResponse, error) {
			return c.ImportCollectionWithBodyWithResponse(ctx, client.CollectionUsers, ndjson, strings.NewReader(eve))
		}),
		call("getContract", 200, func() (*client.GetContractResponse, error) { return c.GetContractWithResponse(ctx, nil) }),
		call("getReference", 200, func() (*client.GetReferenceResponse, error) { return c.GetReferenceWithResponse(ctx, nil) }),
		call("getReferenceAsset", 200, func() (*client.GetReferenceAssetResponse, error) {
			return c.GetReferenceAssetWithResponse(ctx, "reference.css", nil)
		}),
		call("getAdmin", 200, func() (*client.GetAdminResponse, error) { return c.GetAdminWithResponse(ctx, nil) }),
		call("getAdminAsset", 200, func() (*client.GetAdminAssetResponse, error) {
			return c.GetAdminAssetWithResponse(ctx, "admin.css", nil)
		}),
		call("live", 200, func() (*client.LiveResponse, error) { return c.LiveWithResponse(ctx) }),
		call("ready", 200, func() (*client.ReadyResponse, error) { return c.ReadyWithResponse(ctx) }),
	}
}

func logCalls(ctx context.Context, c *client.ClientWithResponses) []clientCall {
	return []clientCall{
		call("listLog", 200, func() (*client.ListLogResponse, error) {
			return c.ListLogWithResponse(ctx, &client.ListLogParams{Kind: &[]client.LogKind{client.LogKindUserCreated}})
		}),
		call("followLog", 200, func() (*client.FollowLogResponse, error) {
			return c.FollowLogWithResponse(ctx, &client.FollowLogParams{Wait: new("1s")})
		}),
		call("listUserLog", 200, func() (*client.ListUserLogResponse, error) {
			return c.ListUserLogWithResponse(ctx, adaUUID, &client.ListUserLogParams{})
		}),
		call("listWebhooks", 200, func() (*client.ListWebhooksResponse, error) {
			return c.ListWebhooksWithResponse(ctx, &client.ListWebhooksParams{Organization: &orgUUID})
		}),
		call("createWebhook", 201, func() (*client.CreateWebhookResponse, error) {
			return c.CreateWebhookWithResponse(ctx, client.NewWebhook{URL: "https://example.com/hooks"})
		}),
		call("getWebhook", 200, func() (*client.GetWebhookResponse, error) { return c.GetWebhookWithResponse(ctx, adaUUID) }),
		call("patchWebhook", 200, func() (*client.PatchWebhookResponse, error) {
			return c.PatchWebhookWithResponse(ctx, adaUUID, client.WebhookPatch{URL: new("https://example.org/")})
		}),
		call("rotateWebhook", 201, func() (*client.RotateWebhookResponse, error) {
			return c.RotateWebhookWithResponse(ctx, adaUUID, client.WebhookRotation{})
		}),
		call("testWebhook", 200, func() (*client.TestWebhookResponse, error) { return c.TestWebhookWithResponse(ctx, adaUUID) }),
		call("replayWebhook", 200, func() (*client.ReplayWebhookResponse, error) {
			return c.ReplayWebhookWithResponse(ctx, adaUUID, client.WebhookReplay{After: "beginning"})
		}),
		call("enableWebhook", 200, func() (*client.EnableWebhookResponse, error) { return c.EnableWebhookWithResponse(ctx, adaUUID) }),
		call("deleteWebhook", 204, func() (*client.DeleteWebhookResponse, error) { return c.DeleteWebhookWithResponse(ctx, adaUUID) }),
	}
}
