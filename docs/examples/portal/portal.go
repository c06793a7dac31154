// Package portal is a web service of its own, with Gin and with its own sessions. It
// embeds Roster's use cases: Roster decides what a person may see and change.
package portal

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Session is a person who has signed in to the service.
type Session struct {
	Name         string
	Organization domain.OrganizationID
	Role         domain.Role
}

// Sessions finds the session of a cookie.
type Sessions func(cookie string) (Session, bool)

// New makes the service.
func New(roster app.Services, sessions Sessions) http.Handler {
	p := &portal{roster, sessions}
	router := gin.New()
	members := router.Group("/members", p.authenticate)
	members.GET("", p.list)
	members.PUT("/:id/name", p.rename)
	members.DELETE("/:id", p.remove)
	return router
}

type portal struct {
	roster   app.Services
	sessions Sessions
}

// authenticate makes the caller of the use cases from a session. A caller with Within
// sees and changes only its organization, its members and their events. Those who
// manage the organization may also change members.
func (p *portal) authenticate(c *gin.Context) {
	cookie, _ := c.Cookie("session") // an error: there is none, and no session has an empty cookie
	session, ok := p.sessions(cookie)
	if !ok {
		c.AbortWithStatusJSON(http.StatusUnauthorized, gin.H{"error": "sign in first"})
		return
	}
	caller := domain.Principal{
		Subject: "portal:" + session.Name, Within: session.Organization, Scopes: []domain.Scope{domain.ScopeRead},
		Roles: map[domain.OrganizationID]domain.Role{session.Organization: session.Role},
	}
	if session.Role != domain.Member {
		caller.Scopes = append(caller.Scopes, domain.ScopeWrite)
	}
	c.Set("caller", caller)
}

func callerOf(c *gin.Context) domain.Principal { return c.MustGet("caller").(domain.Principal) }

func (p *portal) list(c *gin.Context) {
	page, err := p.roster.Users.List(c.Request.Context(), callerOf(c), ports.ListUsers{Limit: domain.DefaultListSize})
	if err != nil {
		refuse(c, err)
		return
	}
	names := make([]string, len(page.Items))
	for i, user := range page.Items {
		names[i] = user.Username.String()
	}
	c.JSON(http.StatusOK, gin.H{"members": names})
}

func (p *portal) rename(c *gin.Context) {
	id, badID := domain.ParseID[domain.User]("id", c.Param("id"))
	name, badName := domain.ParseDisplayName(c.Query("name"))
	if err := errors.Join(badID, badName); err != nil {
		refuse(c, err)
		return
	}
	user, err := p.roster.Users.Patch(c.Request.Context(), callerOf(c), app.PatchUser{ID: id, DisplayName: name})
	if err != nil {
		refuse(c, err)
		return
	}
	c.JSON(http.StatusOK, gin.H{"name": user.DisplayName.String()})
}

func (p *portal) remove(c *gin.Context) {
	id, err := domain.ParseID[domain.User]("id", c.Param("id"))
	if err == nil {
		caller := callerOf(c)
		err = p.roster.Memberships.Remove(c.Request.Context(), caller, caller.Within, id)
	}
	if err != nil {
		refuse(c, err)
		return
	}
	c.Status(http.StatusNoContent)
}

// refuse answers by the kind of an error. The text of a domain.Error is for the
// client; other errors may tell too much.
func refuse(c *gin.Context, err error) {
	failure, ok := errors.AsType[*domain.Error](err)
	if !ok {
		_ = c.Error(err)
		c.JSON(http.StatusInternalServerError, gin.H{"error": "try again later"})
		return
	}
	status := map[domain.Kind]int{
		domain.Invalid: http.StatusUnprocessableEntity, domain.Denied: http.StatusForbidden, domain.NotFound: http.StatusNotFound,
		domain.Conflict: http.StatusConflict, domain.Stale: http.StatusPreconditionFailed, domain.Unavailable: http.StatusServiceUnavailable,
	}[failure.Kind]
	c.JSON(status, gin.H{"error": failure.Detail})
}
